const range = /^(\d{1,5})(?:-(\d{1,5}))?$/

/** `0-2,5` -> 0, 1, 2, 5: the kernel's way to list CPUs and memory nodes. What is not a range is left out. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = []
  for (const part of text.trim().split(',')) {
    const [, first, last = first] = range.exec(part) ?? []
    if (first === undefined) continue
    for (let cpu = Number(first); cpu <= Number(last); cpu++) cpus.push(cpu)
  }
  return cpus
}
