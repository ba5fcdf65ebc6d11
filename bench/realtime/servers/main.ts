import { monitorEventLoopDelay } from 'node:perf_hooks'
import { answerCalls } from '../calls.ts'
import { createPublisher, type Pace } from '../publisher.ts'
import type { ContenderName, Server } from './server.ts'

const starts: Record<ContenderName, () => Promise<Server>> = {
  ours: async () => (await import('./ours.ts')).startOurs(),
  'ws-send': async () => (await import('./plain-ws.ts')).startWsSend(),
  framed: async () => (await import('./plain-ws.ts')).startFramed(),
  'socket.io': async () => (await import('./socket-io.ts')).startSocketIo(),
}

const server = await starts[process.argv[2] as ContenderName]()
const publisher = createPublisher(server)
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
let cpu = process.cpuUsage()

answerCalls({
  ready: () => undefined,
  port: () => server.port,
  start: (pace: Pace) => publisher.start(pace),
  stop: () => publisher.stop(),
  begin() {
    cpu = process.cpuUsage()
    delay.reset()
    return publisher.sent()
  },
  /** CPU in seconds, event-loop delay in ms, RSS in bytes. */
  report() {
    const { user, system } = process.cpuUsage(cpu)
    const rss = process.memoryUsage.rss()
    return { cpu: (user + system) / 1e6, delay: delay.percentile(99) / 1e6, rss, sent: publisher.sent() }
  },
})
