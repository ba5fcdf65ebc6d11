import exec from 'k6/execution'
import { clearInterval, setInterval, setTimeout } from 'k6/timers'
import { createClient } from './client.ts'
import { noFault } from './measures.ts'
import { spread, type Profile } from './profiles.ts'
import { topics } from './topics.ts'

/** ms; shorter than k6 takes from one push to the next. */
const pulseInterval = 2000

/** The scenario of k6 that holds the sockets of a profile; `watchers` must be its function. */
export function watching({ sockets, seconds }: Profile) {
  return {
    executor: 'per-vu-iterations',
    exec: 'watch',
    vus: spread(sockets).vus,
    iterations: 1,
    maxDuration: `${seconds + 30}s`,
  } as const
}

/** Opens this user's share of the sockets, cuts them when it is time, and closes them at the end. */
export function watch({ sockets, seconds, ramp, cuts }: Profile): void {
  noFault()
  const { each } = spread(sockets)
  const first = exec.scenario.iterationInTest * each
  const since = Date.now() - exec.scenario.startTime
  const clients = Array.from({ length: Math.max(0, Math.min(each, sockets - first)) }, (_, at) =>
    createClient(first + at, topics),
  )
  for (const client of clients) setTimeout(() => client.connect(), Math.random() * ramp * 1000)
  const at = (second: number, act: () => void): void => void setTimeout(act, Math.max(0, second * 1000 - since))
  for (const second of cuts) at(second, () => clients.forEach((client) => client.cut()))
  const pulse = setInterval(noFault, pulseInterval)
  at(seconds, () => {
    clearInterval(pulse)
    clients.forEach((client) => client.close())
  })
}
