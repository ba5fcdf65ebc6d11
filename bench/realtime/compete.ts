import { median, ratioOfFigures, type Estimate } from '../lib/statistics.ts'
import { fixed, table } from '../lib/table.ts'
import { isVoid, makeArena, measure, type Arena, type Round } from './arena.ts'
import { labels, present } from './contenders.ts'
import type { Effort, Output } from './section.ts'
import type { ContenderName } from './servers/server.ts'
import { canWatch } from './watchers.ts'
import type { Workload } from './workload.ts'

export type Rounds = ReadonlyMap<ContenderName, readonly Round[]>

/** All contenders stand ready at once and take turns, forwards and backwards, so that drift hits them alike. */
async function takeTurns(workload: Workload, effort: Effort, output: Output): Promise<Rounds> {
  const arenas: Arena[] = []
  const rounds = new Map<ContenderName, Round[]>()
  try {
    for (const name of present(workload.contenders)) {
      output.progress(`${workload.title}: ${labels[name]} gets ready`)
      arenas.push(await makeArena(name, workload))
      rounds.set(name, [])
    }
    for (let i = 0; i < effort.rounds; i++) {
      output.progress(`${workload.title}: round ${i + 1} of ${effort.rounds}`)
      for (const arena of i % 2 === 0 ? arenas : arenas.toReversed())
        rounds.get(arena.name)?.push(await measure(arena, workload, effort))
    }
  } finally {
    for (const arena of arenas) await arena.stop()
  }
  return rounds
}

/** Runs a workload and prints its table; undefined where this machine cannot. */
export async function compete(workload: Workload, effort: Effort, output: Output): Promise<Rounds | undefined> {
  if (!workload.audiences.every(canWatch)) {
    output.print(`${workload.title}\n\n  skipped: subscribers of several topics need a C compiler`)
    return undefined
  }
  const rounds = await takeTurns(workload, effort, output)
  output.print(`${workload.title}\n\n${roundsTable(workload, rounds)}${voids(rounds)}`)
  return rounds
}

export const of = (rounds: Rounds, name: ContenderName): readonly Round[] => rounds.get(name) ?? []
const valid = (rounds: readonly Round[]): readonly Round[] => rounds.filter((round) => !isVoid(round))
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** Quantiles of one load over all deliveries of all rounds that count, never over quantiles. */
export function latencies(rounds: readonly Round[], load = 0): (q: number) => number {
  const parts = valid(rounds).map((round) => round.latencies[load] ?? new Float64Array())
  const all = new Float64Array(sum(parts.map(({ length }) => length)))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  all.sort()
  // The nearest sample: there are thousands and more.
  return (q) => all[Math.min(all.length - 1, Math.ceil(q * (all.length - 1)))] ?? NaN
}

/** Lost and doubled of one load, over all rounds. */
export const wrong = (rounds: readonly Round[], load = 0): number =>
  sum(rounds.map(({ lost, duplicated }) => (lost[load] ?? 0) + (duplicated[load] ?? 0)))

/** A figure of ours against another's, round by round, as far as both rounds count. */
export function cpuRatio(rounds: Rounds, theirs: ContenderName): Estimate {
  const others = of(rounds, theirs)
  const pairs = of(rounds, 'ours').flatMap((round, i) => {
    const other = others[i]
    return other === undefined || isVoid(round) || isVoid(other) ? [] : [{ ours: round.cpu, theirs: other.cpu }]
  })
  return ratioOfFigures(pairs)
}

// A full server sends late and in bulk, which makes each message look cheap.
const serverPercent = (share: number): string => `${share > 0.95 ? 'full: ' : ''}${percent(share)}`
const percent = (share: number): string => `${Math.round(share * 100)} %`

function rowsOf({ loads }: Workload, name: ContenderName, all: readonly Round[]): (string | number)[][] {
  const counted = valid(all)
  const middle = (figure: (round: Round) => number): number => median(counted.map(figure))
  return loads.map((load, i) => {
    const at = latencies(all, i)
    const first = i === 0
    return [
      loads.length === 1 ? labels[name] : `${labels[name]}: ${load.label}`,
      sum(counted.map((round) => round.latencies[i]?.length ?? 0)),
      ...[0.5, 0.9, 0.99, 0.999, 1].map((q) => fixed(at(q), 1)),
      sum(all.map(({ lost }) => lost[i] ?? 0)),
      load.keys === undefined ? sum(all.map(({ duplicated }) => duplicated[i] ?? 0)) : '',
      first ? fixed(middle(({ cpu }) => cpu)) : '',
      first ? serverPercent(middle(({ serverLoad }) => serverLoad)) : '',
      first ? fixed(middle(({ delay }) => delay ?? NaN), 1) : '', // prettier-ignore
      first ? fixed(middle(({ others }) => others), 2) : '', // prettier-ignore
      first ? percent(Math.max(0, ...all.map(({ clientLoad }) => clientLoad))) : '',
    ]
  })
}

const head = ['', 'deliveries', 'p50 ms', 'p90 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'left out', 'twice', 'CPU µs each', 'server CPU', 'loop p99 ms', 'others, cores', 'client CPU'] // prettier-ignore

const cpuOf = (all: readonly Round[]): number => median(valid(all).map(({ cpu }) => cpu))

/** A line for each contender and load. */
export function roundsTable(workload: Workload, rounds: Rounds): string {
  const floor = cpuOf(of(rounds, 'floor'))
  const withFloor = Number.isFinite(floor)
  const rows = [...rounds].flatMap(([name, all]) => {
    const lines = rowsOf(workload, name, all)
    if (withFloor) for (const [i, line] of lines.entries()) line.push(i === 0 ? fixed(cpuOf(all) / floor) : '')
    return lines
  })
  return table([withFloor ? [...head, 'x floor'] : head, ...rows])
}

function voids(rounds: Rounds): string {
  const lines = [...rounds].flatMap(([name, all]) => {
    const count = all.length - valid(all).length
    return count === 0 ? [] : [`\n  ${labels[name]}: ${count} of ${all.length} rounds void, the subscribers took more than 70 % of their core`] // prettier-ignore
  })
  return lines.length === 0 ? '' : `\n${lines.join('')}`
}
