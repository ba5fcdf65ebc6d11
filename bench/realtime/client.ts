import { answerCalls } from './calls.ts'
import type { Dialect } from './peer.ts'
import { createSubscribers } from './subscribers.ts'

const [port, dialect, topic = ''] = process.argv.slice(2)
const subscribers = createSubscribers({ port: Number(port), dialect: dialect as Dialect, topic })
let cpu = process.cpuUsage()

answerCalls({
  ready: () => undefined,
  open: ({ count, pace }: { count: number; pace: number }) => subscribers.open(count, pace),
  begin() {
    subscribers.reset()
    cpu = process.cpuUsage()
  },
  report() {
    const { user, system } = process.cpuUsage(cpu)
    return { ...subscribers.report(), cpu: (user + system) / 1e6 }
  },
  count: () => subscribers.count(),
  jitter: ({ every, offline }: { every: number; offline: number }) => subscribers.jitter(every, offline),
  calm: () => subscribers.calm(),
  behind: (newest: number) => subscribers.behind(newest),
  cut: () => subscribers.cut(),
  missing: (newest: number) => subscribers.missing(newest),
})
