import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  interrupts: counter('node_interrupts_total', 'Interrupt details.', 'cpu', 'type', 'info', 'devices'),
}

/** One line of /proc/interrupts: counts by CPU. */
export interface Interrupt {
  /** Its number, or a short name such as NMI. */
  readonly type: string
  readonly info: string
  readonly devices: string
  readonly counts: readonly number[]
}

/** Parses /proc/interrupts. ERR and MIS, which are not counted by CPU, are left out. */
export function parseInterrupts(text: string): Interrupt[] {
  const [head = '', ...lines] = text.split('\n')
  const cpus = head.trim().split(/\s+/).length
  return lines.flatMap((line) => {
    const cells = line.trim().split(/\s+/)
    if (cells.length < cpus + 2) return []
    const type = (cells[0] as string).slice(0, -1)
    const words = cells.slice(cpus + 1)
    const numbered = /^\d+$/.test(type)
    return [
      {
        type,
        info: numbered ? (words[0] ?? '') : words.join(' '),
        devices: numbered ? words.slice(1).join(' ') : '',
        counts: cells.slice(1, cpus + 1).map(Number),
      },
    ]
  })
}

/** Interrupts by CPU and source. Off unless asked for: many series on machines with many CPUs. */
export function createInterrupts(source: Source): Collector<Interrupt[]> {
  return {
    name: 'interrupts',
    read: () => parseInterrupts(source.proc('interrupts')),
    write(reading, out) {
      for (const { type, info, devices, counts } of reading) {
        for (const [cpu, count] of counts.entries())
          out.set(metrics.interrupts, count, String(cpu), type, info, devices)
      }
    },
  }
}
