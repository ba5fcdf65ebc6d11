import { median, quantile, ratioOfFigures, type Estimate } from '../exporters/statistics.ts'
import { fixed, table } from '../exporters/table.ts'
import { ratioTarget, valueTarget } from '../exporters/targets.ts'
import { makeArena, measure, type Arena, type Round } from './arena.ts'
import type { Pace } from './publisher.ts'
import type { Effort, Output, Section } from './section.ts'
import type { ContenderName } from './servers/server.ts'

export const labels: Record<ContenderName, string> = {
  ours: 'bridge',
  'ws-send': 'ws.send(buffer)',
  framed: 'framed socket.write',
  'socket.io': 'Socket.IO',
}

type Rounds = Map<ContenderName, Round[]>

interface Workload {
  readonly title: string
  readonly contenders: readonly ContenderName[]
  readonly subscribers: number
  readonly pace: Pace
}

const urgentLoad: Workload = {
  title: 'Urgent delivery: 1,000 subscribers, 50 messages/s of 256 B, class alert',
  contenders: ['ours', 'ws-send', 'framed', 'socket.io'],
  subscribers: 1000,
  pace: { topic: 'alert', rate: 50 },
}

const stateLoad: Workload = {
  title: 'State: 500 subscribers, 100 values/s of 256 B over 20 keys, class state',
  contenders: ['ours', 'ws-send'],
  subscribers: 500,
  pace: { topic: 'state', rate: 100, keys: 20 },
}

/** All contenders stand ready at once and take turns, forwards and backwards, so that drift hits them alike. */
async function compete({ contenders, subscribers, pace }: Workload, effort: Effort, output: Output): Promise<Rounds> {
  const arenas: Arena[] = []
  const rounds: Rounds = new Map(contenders.map((name) => [name, []]))
  try {
    for (const name of contenders) arenas.push(await makeArena(name, pace.topic, subscribers))
    for (let i = 0; i < effort.rounds; i++) {
      output.progress(`${pace.topic}: round ${i + 1} of ${effort.rounds}`)
      for (const arena of i % 2 === 0 ? arenas : arenas.toReversed())
        rounds.get(arena.name)?.push(await measure(arena, pace, effort.seconds, subscribers))
    }
  } finally {
    for (const arena of arenas) await arena.stop()
  }
  return rounds
}

/** Quantiles over all samples of all rounds, never over quantiles. */
function latencies(rounds: readonly Round[]): (q: number) => number {
  const all = new Float64Array(rounds.reduce((sum, round) => sum + round.latencies.length, 0))
  let at = 0
  for (const round of rounds) {
    all.set(round.latencies, at)
    at += round.latencies.length
  }
  all.sort()
  const values = Array.from(all)
  return (q) => quantile(values, q)
}

const of = (rounds: Rounds, name: ContenderName): readonly Round[] => rounds.get(name) ?? []
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)

function roundsRow([name, all]: [ContenderName, readonly Round[]]): (string | number)[] {
  const at = latencies(all)
  const load = most(all.map(({ clientLoad }) => clientLoad))
  return [
    labels[name],
    all.reduce((sum, { delivered }) => sum + delivered, 0),
    ...[0.5, 0.9, 0.99, 0.999, 1].map((q) => fixed(at(q), 1)),
    fixed(median(all.map(({ cpu }) => cpu))),
    fixed(median(all.map(({ delay }) => delay)), 1),
    fixed(median(all.map(({ others }) => others)), 2),
    `${Math.round(load * 100)} %${load > 0.7 ? ' (!)' : ''}`,
  ]
}

function roundsTable(rounds: Rounds): string {
  const head = [
    '',
    'deliveries',
    'p50 ms',
    'p90 ms',
    'p99 ms',
    'p99.9 ms',
    'max ms',
    'CPU µs each',
    'loop p99 ms',
    'others, cores',
    'client CPU',
  ]
  const rows = [...rounds].map(roundsRow)
  return table([head, ...rows])
}

/** CPU per delivery against another, round by round. */
function cpuRatio(rounds: Rounds, theirs: ContenderName): Estimate {
  const others = of(rounds, theirs)
  const pairs = of(rounds, 'ours').map(({ cpu }, i) => ({ ours: cpu, theirs: others[i]?.cpu ?? NaN }))
  return ratioOfFigures(pairs)
}

export const urgent: Section = async (effort, output) => {
  const rounds = await compete(urgentLoad, effort, output)
  output.print(`${urgentLoad.title}\n\n${roundsTable(rounds)}`)
  const ours = of(rounds, 'ours')
  const at = latencies(ours)
  return [
    valueTarget('urgent p50', 8.5, 'ms', at(0.5)),
    valueTarget('urgent p99', 50, 'ms', at(0.99)),
    ratioTarget('urgent CPU per delivery against ws.send(buffer)', 0.9, cpuRatio(rounds, 'ws-send')),
    ratioTarget('urgent CPU per delivery against Socket.IO', 0.7, cpuRatio(rounds, 'socket.io')),
    valueTarget(
      'urgent, lost or twice',
      0,
      '',
      ours.reduce((sum, { lost, duplicated }) => sum + lost + duplicated, 0),
      0,
    ),
  ]
}

export const state: Section = async (effort, output) => {
  const rounds = await compete(stateLoad, effort, output)
  output.print(`${stateLoad.title}\n\n${roundsTable(rounds)}`)
  return [
    valueTarget('state p99', 120, 'ms', latencies(of(rounds, 'ours'))(0.99)),
    ratioTarget('state CPU per message against ws.send(buffer)', 0.4, cpuRatio(rounds, 'ws-send')),
  ]
}
