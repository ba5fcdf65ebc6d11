import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { UnavailableError } from '../../../errors.ts'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  threads: gauge('node_processes_threads', 'Allocated threads in system'),
  maxThreads: gauge('node_processes_max_threads', 'Limit of threads in the system'),
  threadStates: gauge('node_processes_threads_state', 'Number of threads in each state.', 'thread_state'),
  states: gauge('node_processes_state', 'Number of processes in each state.', 'state'),
  pids: gauge('node_processes_pids', 'Number of PIDs'),
  maxPids: gauge('node_processes_max_processes', 'Number of max PIDs limit'),
}

export interface Processes {
  readonly pids: number
  readonly maxPids: number
  readonly threads: number
  readonly maxThreads: number
  /** By the kernel's letter: R running, S sleeping, D waiting for a device, … */
  readonly states: ReadonlyMap<string, number>
  readonly threadStates: ReadonlyMap<string, number>
}

/** State letter and number of threads from /proc/<pid>/stat; the command's name may hold anything, even `)`. */
export function parseProcessStat(text: string): { state: string; threads: number } {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ', 18)
  return { state: fields[0] ?? '?', threads: Number(fields[17]) }
}

/** A process may end between being listed and being read. */
function gone(error: unknown): boolean {
  return error instanceof UnavailableError || (error instanceof Error && 'code' in error && error.code === 'ESRCH')
}

function ifAlive<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (gone(error)) return undefined
    throw error
  }
}

function ids(source: Source, path: string): string[] {
  try {
    return readdirSync(join(source.roots.proc, path)).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

/** Processes looked at before others get the event loop for a moment. */
const batch = 64

async function count(
  source: Source,
  signal: AbortSignal,
): Promise<Pick<Processes, 'pids' | 'threads' | 'states' | 'threadStates'>> {
  const states = new Map<string, number>()
  const threadStates = new Map<string, number>()
  const totals = { pids: 0, threads: 0 }
  for (const [index, pid] of ids(source, '').entries()) {
    if (index % batch === batch - 1) await setImmediate(undefined, { signal })
    const stat = ifAlive(() => parseProcessStat(source.proc(`${pid}/stat`)))
    if (stat === undefined) continue
    totals.pids++
    totals.threads += stat.threads
    add(states, stat.state)
    add(threadStates, stat.state)
    if (stat.threads < 2) continue
    for (const thread of ids(source, `${pid}/task`)) {
      if (thread === pid) continue
      const own = ifAlive(() => parseProcessStat(source.proc(`${pid}/task/${thread}/stat`)))
      if (own !== undefined) add(threadStates, own.state)
    }
  }
  return { ...totals, states, threadStates }
}

/** Processes and threads by state. Off unless asked for: it reads a file for every thread. */
export function createProcesses(source: Source): Collector<Processes> {
  return {
    name: 'processes',
    async read(signal) {
      const counted = await count(source, signal)
      const limit = (file: string): number => Number(source.proc(`sys/kernel/${file}`))
      return { ...counted, maxThreads: limit('threads-max'), maxPids: limit('pid_max') }
    },
    write(reading, out) {
      out.set(metrics.threads, reading.threads)
      out.set(metrics.maxThreads, reading.maxThreads)
      for (const [state, amount] of reading.states) out.set(metrics.states, amount, state)
      for (const [state, amount] of reading.threadStates) out.set(metrics.threadStates, amount, state)
      out.set(metrics.pids, reading.pids)
      out.set(metrics.maxPids, reading.maxPids)
    },
  }
}
