import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { count, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

export const metrics = {
  interrupts: counter('node_intr_total', 'Total number of interrupts serviced.'),
  contextSwitches: counter('node_context_switches_total', 'Total number of context switches.'),
  forks: counter('node_forks_total', 'Total number of forks.'),
  bootTime: gauge('node_boot_time_seconds', 'Node boot time, in unixtime.'),
  running: gauge('node_procs_running', 'Number of processes in runnable state.'),
  blocked: gauge('node_procs_blocked', 'Number of processes blocked waiting for I/O to complete.'),
  softirqs: counter('node_softirqs_total', 'Number of softirq calls.', 'vector'),
}

/** What /proc/stat counts for the whole machine, since boot; `bootTime` in seconds since the epoch. */
export interface KernelStatistics {
  readonly interrupts: number | undefined
  readonly contextSwitches: number | undefined
  readonly forks: number | undefined
  readonly bootTime: number | undefined
  readonly running: number | undefined
  readonly blocked: number | undefined
  /** Calls by vector. */
  readonly softirqs: ReadonlyMap<string, number>
}

const vectors = ['hi', 'timer', 'net_tx', 'net_rx', 'block', 'block_iopoll', 'tasklet', 'sched', 'hrtimer', 'rcu']

/** The first number of the line that begins with `name`; the `intr` line alone may be thousands of numbers long. */
function first(text: string, name: string): number | undefined {
  const at = text.startsWith(`${name} `) ? 0 : text.indexOf(`\n${name} `) + 1
  if (at === 0 && !text.startsWith(`${name} `)) return undefined
  const start = at + name.length + 1
  let end = start
  while (end < text.length && text.charCodeAt(end) > 32) end++
  return count(text.slice(start, end))
}

function softirqsOf(text: string): Map<string, number> {
  const calls = new Map<string, number>()
  const at = text.indexOf('\nsoftirq ')
  if (at < 0) return calls
  const end = text.indexOf('\n', at + 1)
  const [, , ...counts] = words(text, at + 1, end < 0 ? text.length : end)
  vectors.forEach((vector, i) => {
    const value = count(counts[i])
    if (value !== undefined) calls.set(vector, value)
  })
  return calls
}

export function parseKernelStatistics(text: string): KernelStatistics {
  return {
    interrupts: first(text, 'intr'),
    contextSwitches: first(text, 'ctxt'),
    forks: first(text, 'processes'),
    bootTime: first(text, 'btime'),
    running: first(text, 'procs_running'),
    blocked: first(text, 'procs_blocked'),
    softirqs: softirqsOf(text),
  }
}

export function createStat(source: Source, config: HostConfig): Collector<KernelStatistics> {
  return {
    name: 'stat',
    read: () => parseKernelStatistics(source.sharedProc('stat')),
    write(reading, out) {
      out.set(metrics.interrupts, reading.interrupts)
      out.set(metrics.contextSwitches, reading.contextSwitches)
      out.set(metrics.forks, reading.forks)
      out.set(metrics.bootTime, reading.bootTime)
      out.set(metrics.running, reading.running)
      out.set(metrics.blocked, reading.blocked)
      if (!config.stat_softirqs) return
      for (const [vector, calls] of reading.softirqs) out.set(metrics.softirqs, calls, vector)
    },
  }
}
