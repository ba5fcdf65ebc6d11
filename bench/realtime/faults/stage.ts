import { readdirSync } from 'node:fs'
import { memoryOf } from '../../exporters/process-stat.ts'
import type { Verdict } from '../../lib/targets.ts'
import { makeArena, sleep, type Arena } from '../arena.ts'
import type { RunningServer } from '../contenders.ts'
import type { Workload } from '../workload.ts'

/** What the bridge counts of itself. */
export interface Totals {
  readonly connections: number
  readonly closes: Readonly<Record<string, number>>
}

export async function totalsOf({ port }: RunningServer): Promise<Totals> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/websocket/connections?limit=1`)
  return ((await answer.json()) as { totals: Totals }).totals
}

export const rssOf = ({ pid }: RunningServer): number => memoryOf(pid).resident
export const descriptorsOf = ({ pid }: RunningServer): number => readdirSync(`/proc/${pid}/fd`).length

/** Looks again and again; ms until it held, Infinity if it never did within `most` ms. */
export async function msUntil(what: () => Promise<boolean> | boolean, most: number, every = 20): Promise<number> {
  const began = performance.now()
  for (;;) {
    if (await what()) return performance.now() - began
    if (performance.now() - began > most) return Infinity
    await sleep(every)
  }
}

/** The bridge with the subscribers of a workload, for as long as `use` takes. */
export async function withArena<T>(workload: Workload, use: (arena: Arena) => Promise<T>): Promise<T> {
  const arena = await makeArena('ours', workload)
  try {
    return await use(arena)
  } finally {
    await arena.stop()
  }
}

/** Something that either is so or not. */
export const holds = (what: string, target: string, met: boolean, reached = met ? 'yes' : 'no'): Verdict => ({
  what,
  target,
  reached,
  met,
})

/** Within so many per cent of what it was, or of 2 ms where that is more: below that a percentage says nothing. */
export function unharmed(what: string, percent: number, before: number, during: number): Verdict {
  const limit = before + Math.max((before * percent) / 100, 2)
  const reached = `${before.toFixed(1)} -> ${during.toFixed(1)} ms`
  return { what, target: `<= +${percent} %`, reached, met: during <= limit }
}
