import { readdirSync, readFileSync } from 'node:fs'

// USER_HZ, the unit of /proc/<pid>/stat, is 100 on every architecture that Node runs on.
const ticksPerSecond = 100

export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  /** Seconds of CPU, user and system. */
  readonly own: number
  /** The same of children that have ended and been waited for. */
  readonly ended: number
}

/** Parses /proc/<pid>/stat. The command may hold spaces and parentheses: fields are counted from the last `)`. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const seconds = (...at: number[]): number => at.reduce((sum, i) => sum + Number(fields[i]), 0) / ticksPerSecond
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), own: seconds(11, 12), ended: seconds(13, 14) }
}

export interface Memory {
  /** MB (10^6 bytes). */
  readonly resident: number
  readonly peak: number
}

/** VmRSS and VmHWM of /proc/<pid>/status. */
export function parseMemory(text: string): Memory {
  const megabytes = (key: string): number =>
    (Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1]) * 1024) / 1e6
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}

export const memoryOf = (pid: number): Memory => parseMemory(readFileSync(`/proc/${pid}/status`, 'utf8'))

function allProcesses(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => statOf(pid) ?? [])
}

function statOf(pid: string | number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // It ended between the listing and the reading.
    return undefined
  }
}

/** CPU seconds so far of these processes alone, by pid; those that have ended are left out. */
export function cpuByPid(pids: readonly number[]): Map<number, number> {
  return new Map(pids.flatMap((pid) => statOf(pid) ?? []).map(({ pid, own }) => [pid, own]))
}

/** CPU seconds so far of children of a process that have ended. */
export const cpuOfEnded = (pid: number): number => statOf(pid)?.ended ?? 0

/** CPU seconds so far of a process, its descendants and those of them that have ended. */
export function cpuOfTree(root: number, processes: readonly ProcessStat[] = allProcesses()): number {
  const members = new Set([root])
  let grown = true
  while (grown) {
    const joining = processes.filter(({ pid, parent }) => members.has(parent) && !members.has(pid))
    for (const { pid } of joining) members.add(pid)
    grown = joining.length > 0
  }
  return processes.filter(({ pid }) => members.has(pid)).reduce((sum, { own, ended }) => sum + own + ended, 0)
}
