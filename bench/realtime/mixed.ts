import { valueTarget } from '../lib/targets.ts'
import { compete, latencies, of, wrong } from './compete.ts'
import type { Section } from './section.ts'
import { series, type Workload } from './workload.ts'

const [states, events, clients, each] = [42, 18, 1000, 20]

/** W2: as browsers with a page of panels each; 70 % of what is published replaces what was there. */
export const dashboardLoad: Workload = {
  title: `Dashboards: ${clients} subscribers, ${each} of ${states + events} topics each, 500 messages/s of 256 B, 70 % of them class state`,
  contenders: ['framed', 'ours'],
  topics: [...series('state', states, 'state'), ...series('event', events, 'event')],
  loads: [
    { label: 'state', from: 0, count: states, rate: 350, bytes: 256, keys: 5 },
    { label: 'event', from: states, count: events, rate: 150, bytes: 256 },
  ],
  audiences: [{ count: clients, from: 0, topics: states + events, each }],
}

export const dashboards: Section = async (effort, output) => {
  const rounds = await compete(dashboardLoad, effort, output)
  if (rounds === undefined) return []
  const ours = of(rounds, 'ours')
  return [
    valueTarget('dashboards, state p99', 120, 'ms', latencies(ours, 0)(0.99)),
    valueTarget('dashboards, event p99', 50, 'ms', latencies(ours, 1)(0.99)),
    valueTarget('dashboards, events lost or twice', 0, '', wrong(ours, 1), 0),
  ]
}

const streams = 200

/** W3: private streams of tokens, with W1 in the background: who is made to wait by whom. */
const tokenLoad: Workload = {
  title: `Tokens: ${streams} private streams of 30 messages/s of 60 B, beside 1,000 subscribers to 50 alerts/s of 256 B`,
  contenders: ['bun', 'framed', 'ws-send', 'socket.io', 'ours'],
  topics: [{ name: 'alert', class: 'alert' }, ...series('stream', streams, 'stream')],
  loads: [
    { label: 'alert', from: 0, count: 1, rate: 50, bytes: 256 },
    { label: 'tokens', from: 1, count: streams, rate: streams * 30, bytes: 60 },
  ],
  audiences: [
    { count: 1000, from: 0, topics: 1, each: 1 },
    { count: streams, from: 1, topics: streams, each: 1 },
  ],
}

export const tokens: Section = async (effort, output) => {
  const rounds = await compete(tokenLoad, effort, output)
  if (rounds === undefined) return []
  const ours = of(rounds, 'ours')
  return [
    valueTarget('tokens p99', 50, 'ms', latencies(ours, 1)(0.99)),
    valueTarget('tokens, alert p99 beside them', 50, 'ms', latencies(ours, 0)(0.99)),
    valueTarget('tokens, lost or twice', 0, '', wrong(ours, 0) + wrong(ours, 1), 0),
  ]
}
