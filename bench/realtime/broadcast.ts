import { ratioTarget, valueTarget } from '../lib/targets.ts'
import { compete, cpuRatio, latencies, of, wrong } from './compete.ts'
import type { Section } from './section.ts'
import type { ContenderName } from './servers/server.ts'
import type { BenchTopic, Workload } from './workload.ts'

const everybody: readonly ContenderName[] = ['floor', 'bun', 'framed', 'ws-send', 'socket.io', 'centrifugo', 'ours']

/** W1: one topic, everybody listens. */
export function broadcast(
  kind: BenchTopic['class'],
  rate: number,
  contenders: readonly ContenderName[],
  { count = 1000, bytes = 256 } = {},
): Workload {
  return {
    title: `Broadcast: ${count.toLocaleString('en')} subscribers, ${rate} messages/s of ${bytes} B, class ${kind}`,
    contenders,
    topics: [{ name: kind, class: kind }],
    loads: [{ label: kind, from: 0, count: 1, rate, bytes }],
    audiences: [{ count, from: 0, topics: 1, each: 1 }],
  }
}

export const urgent: Section = async (effort, output) => {
  const rounds = await compete(broadcast('alert', 50, everybody), effort, output)
  if (rounds === undefined) return []
  const ours = of(rounds, 'ours')
  const at = latencies(ours)
  return [
    valueTarget('urgent p50', 8.5, 'ms', at(0.5)),
    valueTarget('urgent p99', 50, 'ms', at(0.99)),
    ratioTarget('urgent CPU per delivery against ws.send(buffer)', 0.9, cpuRatio(rounds, 'ws-send')),
    ratioTarget('urgent CPU per delivery against Socket.IO', 0.7, cpuRatio(rounds, 'socket.io')),
    valueTarget('urgent, lost or twice', 0, '', wrong(ours), 0),
  ]
}

/** The same at other rates: for comparison, without targets but that nothing is lost. */
const atRate =
  (rate: number): Section =>
  async (effort, output) => {
    const rounds = await compete(
      broadcast('alert', rate, everybody),
      { ...effort, rounds: Math.ceil(effort.rounds / 2) },
      output,
    )
    return rounds === undefined
      ? []
      : [valueTarget(`urgent at ${rate}/s, lost or twice`, 0, '', wrong(of(rounds, 'ours')), 0)]
  }

export const urgent20 = atRate(20)
export const urgent100 = atRate(100)

/**
 * The same with messages so short that two of them fit into 536 B with the bridge's envelope too: beyond that a peer
 * acknowledges at once, and on loopback its acknowledgement is work for the server's core.
 */
export const urgentShort: Section = async (effort, output) => {
  const rounds = await compete(broadcast('alert', 50, ['framed', 'ws-send', 'ours'], { bytes: 170 }), effort, output)
  return rounds === undefined ? [] : [valueTarget('urgent, short, lost or twice', 0, '', wrong(of(rounds, 'ours')), 0)]
}

export const event: Section = async (effort, output) => {
  const rounds = await compete(broadcast('event', 50, ['floor', 'ws-send', 'ours']), effort, output)
  if (rounds === undefined) return []
  const ours = of(rounds, 'ours')
  return [
    valueTarget('event p99', 50, 'ms', latencies(ours)(0.99)),
    valueTarget('event, lost or twice', 0, '', wrong(ours), 0),
  ]
}

const values: Workload = {
  title: 'State: 500 subscribers, 100 values/s of 256 B over 20 keys, class state',
  contenders: ['floor', 'ws-send', 'ours'],
  topics: [{ name: 'state', class: 'state' }],
  loads: [{ label: 'state', from: 0, count: 1, rate: 100, bytes: 256, keys: 20 }],
  audiences: [{ count: 500, from: 0, topics: 1, each: 1 }],
}

export const state: Section = async (effort, output) => {
  const rounds = await compete(values, effort, output)
  if (rounds === undefined) return []
  return [
    valueTarget('state p99', 120, 'ms', latencies(of(rounds, 'ours'))(0.99)),
    ratioTarget('state CPU per message against ws.send(buffer)', 0.4, cpuRatio(rounds, 'ws-send')),
  ]
}
