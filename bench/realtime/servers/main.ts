import { monitorEventLoopDelay } from 'node:perf_hooks'
import { answerCalls } from '../calls.ts'
import { createPublisher } from '../publisher.ts'
import type { BenchTopic, Load } from '../workload.ts'
import type { ContenderName, Server } from './server.ts'

type Start = (topics: readonly BenchTopic[], port: number) => Server | Promise<Server>

const starts: Record<Exclude<ContenderName, 'floor'>, () => Promise<Start>> = {
  ours: async () => (await import('./ours.ts')).startOurs,
  'ws-send': async () => (await import('./plain-ws.ts')).startWsSend,
  framed: async () => (await import('./plain-ws.ts')).startFramed,
  'socket.io': async () => (await import('./socket-io.ts')).startSocketIo,
  bun: async () => (await import('./bun.ts')).startBun,
  centrifugo: async () => (await import('./centrifugo.ts')).startCentrifugo,
}

const [name, list = '[]', port = '0'] = process.argv.slice(2)
const topics = JSON.parse(list) as readonly BenchTopic[]
const start = await starts[name as keyof typeof starts]()
const server = await start(topics, Number(port))
const publisher = createPublisher(server, topics)
const delay = name === 'bun' ? undefined : monitorEventLoopDelay({ resolution: 5 })
delay?.enable()
let cpuBefore = 0

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return server.cpu?.() ?? (user + system) / 1e6
}

answerCalls({
  ready: () => undefined,
  port: () => server.port,
  start: (loads: readonly Load[]) => publisher.start(loads),
  stop: () => publisher.stop(),
  /** Number of the last message of each topic. */
  numbers: () => publisher.numbers(),
  /** What is open, and bytes of heap in use after a full collection. */
  books() {
    globalThis.gc?.()
    return { resources: process.getActiveResourcesInfo().length, heap: process.memoryUsage().heapUsed }
  },
  begin() {
    cpuBefore = cpu()
    delay?.reset()
    return publisher.sent()
  },
  /** CPU in seconds, event-loop delay in ms, RSS in bytes. */
  report: () => ({
    cpu: cpu() - cpuBefore,
    delay: delay === undefined ? null : delay.percentile(99) / 1e6,
    rss: process.memoryUsage.rss(),
    sent: publisher.sent(),
  }),
})
