import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Centrifuge } from 'centrifuge'
import { WebSocket } from 'ws'

/** What a sleeper has seen of one topic. */
interface Slept {
  /** Numbers in the order of arrival. */
  readonly got: readonly number[]
  /** Codes with which it was sent away. */
  readonly codes: readonly number[]
  /** Whether any return was told that something is missing. */
  readonly lost: boolean
}

/** The real client in a process of its own, which can be stopped as a laptop that sleeps. */
export async function startSleeper(url: string, topics: readonly string[]) {
  const child = fork(import.meta.filename, [url, ...topics], { stdio: 'ignore' })
  const ask = async (): Promise<Record<string, Slept>> => {
    child.send('report')
    const [report] = (await once(child, 'message')) as [Record<string, Slept>]
    return report
  }
  return {
    ask,
    sleep: () => child.kill('SIGSTOP'),
    wake: () => child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

interface Seen {
  got: number[]
  codes: number[]
  lost: boolean
}

function listen(url: string, topics: readonly string[]): void {
  const link = new Centrifuge(url, { websocket: WebSocket, minReconnectDelay: 10, maxReconnectDelay: 100 })
  const seen: Record<string, Seen> = {}
  for (const topic of topics) {
    const view: Seen = { got: [], codes: [], lost: false }
    seen[topic] = view
    const take = (data: { k: string; v?: unknown }): void => {
      if (data.k === 'snap') view.got.push(Math.max(...Object.values(data.v as Record<string, number>)))
      else if (data.k !== 'gap') view.got.push(data.v as number)
    }
    const sub = link.newSubscription(topic)
    sub.on('publication', ({ data }) => take(data as { k: string }))
    sub.on('subscribed', ({ wasRecovering, recovered }) => (view.lost ||= wasRecovering && !recovered))
    link.on('connecting', ({ code }) => view.codes.push(code))
    sub.subscribe()
  }
  link.connect()
  process.on('message', () => process.send?.(seen))
  process.on('disconnect', () => process.exit())
}

const [, file, url, ...topics] = process.argv
if (file === import.meta.filename && url !== undefined) listen(url, topics)
