import { readdirSync, readFileSync } from 'node:fs'

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
      } catch {
        return [] // it ended meanwhile
      }
    })
}

/** Every process below `pid`, at this moment. Linux only. */
export function descendants(pid: number): Process[] {
  const all = processes()
  const found: Process[] = []
  const gather = (parent: number): void => {
    for (const process of all) {
      if (process.parent !== parent) continue
      found.push(process)
      gather(process.pid)
    }
  }
  gather(pid)
  return found
}

/** Which of these still run the same command. */
export function stillRunning(before: readonly Process[]): Process[] {
  const now = new Map(processes().map((process) => [process.pid, process.command]))
  return before.filter(({ pid, command }) => now.get(pid) === command)
}
