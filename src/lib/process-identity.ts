import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What tells a process from a later one that got the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in whatever unit the system offers; equal text means the same process. */
  readonly started: string
  /** Program and arguments; empty where the system does not say. */
  readonly command: readonly string[]
}

/** Reads start time (field 22) and state out of `/proc/<pid>/stat`; the name in it may hold spaces and brackets. */
export function parseStat(text: string): { state: string; started: string } | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  const started = fields[19]
  return state === undefined || started === undefined ? undefined : { state, started }
}

function onLinux(pid: number): ProcessIdentity | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    // A zombie holds no file, port or lock any more: it only waits to be reaped.
    if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
    return { pid, started: stat.started, command }
  } catch {
    return undefined
  }
}

function byPs(pid: number): ProcessIdentity | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return { pid, started: text.slice(0, 24), command: text.slice(24).trim().split(' ') }
  } catch {
    return undefined
  }
}

/** The live process with this pid; undefined if there is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return process.platform === 'linux' ? onLinux(pid) : byPs(pid)
}

/** Whether this very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}

/** Waits until the process is gone; false if it still runs after `ms`. For processes that are not our children. */
export async function waitForExit(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Sends each signal in turn and gives the process its time after each; false if it outlived them all. */
export async function endProcess(
  identity: ProcessIdentity,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<boolean> {
  for (const [signal, ms] of signals) {
    if (!isRunning(identity)) return true
    try {
      process.kill(identity.pid, signal)
    } catch (error) {
      if (isRunning(identity)) throw error
      return true
    }
    if (await waitForExit(identity, ms)) return true
  }
  return false
}
