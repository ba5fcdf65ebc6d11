/** `0-2,5` -> 0, 1, 2, 5: the kernel's way to list CPUs and memory nodes. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = []
  for (const range of text.split(',')) {
    const [first = Number.NaN, last = first] = range.split('-').map((end) => (end === '' ? Number.NaN : Number(end)))
    for (let cpu = first; cpu <= Math.min(last, first + 65_535); cpu++) cpus.push(cpu)
  }
  return cpus
}
