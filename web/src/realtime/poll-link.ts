import type { Position } from '../../../src/realtime/types.ts'
import { backoff } from './backoff.ts'
import type { Link, LinkEvents } from './link.ts'
import { readPolled } from './polled.ts'

interface Poller {
  readonly base: string
  readonly events: LinkEvents
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Tells that a request got through, or that one did not. */
  readonly reached: () => void
  readonly missed: () => void
}

/** Between requests, ms: a busy topic has news at once, each time. */
const breath = 250

/** How long the server holds a request that has nothing to tell, and some; ms. */
const patience = 35_000

async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  return fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]), cache: 'no-store' })
}

function pollUrl(base: string, topic: string, since: Position | undefined): URL {
  const url = new URL('/api/poll', base)
  url.searchParams.set('topic', topic)
  if (since !== undefined) url.searchParams.set('since', `${since.epoch}:${since.offset}`)
  return url
}

/** Follows one topic until told to stop: each answer is asked for from where the last one ended. */
async function followTopic(
  poller: Poller,
  topic: string,
  first: Position | undefined,
  signal: AbortSignal,
): Promise<void> {
  let since = first
  for (let attempt = 0; !signal.aborted;) {
    try {
      const response = await ask(pollUrl(poller.base, topic, since), signal)
      if (response.status === 401 || response.status === 403) return poller.events.turnedAway(topic, 103)
      if (response.status === 404 || response.status === 400) return poller.events.turnedAway(topic, 102)
      if (!response.ok) throw new Error(`status ${response.status}`)
      poller.reached()
      attempt = 0
      const polled = readPolled(response.status === 204 ? undefined : await response.json())
      if (since === undefined || !polled.recovered) poller.events.subscribed(topic, { position: polled.position })
      for (const { data, offset } of polled.publications) poller.events.message(topic, data, offset)
      since = polled.position ?? since
      await poller.sleep(breath, signal)
    } catch {
      if (signal.aborted) return
      poller.missed()
      await poller.sleep(backoff(attempt, Math.random), signal)
      attempt += 1
    }
  }
}

/** Comes through when the server answers at all. */
async function knock({ base, events, sleep, reached }: Poller, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await ask(new URL('/healthz', base), signal)
      return reached()
    } catch {
      if (!signal.aborted) events.failed(false)
    }
    await sleep(backoff(attempt, Math.random), signal)
  }
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** A link that asks again and again: for what lets neither WebSocket nor event streams through. */
export function openPoll(base: string, events: LinkEvents): Link {
  const all = new AbortController()
  const topics = new Map<string, AbortController>()
  let open = false
  const poller: Poller = {
    base,
    events,
    sleep: sleepFor,
    reached() {
      if (open || all.signal.aborted) return
      open = true
      events.open(undefined)
    },
    missed() {
      if (!open) return
      open = false
      events.down({ code: 1, reason: 'transport closed' })
    },
  }
  void knock(poller, all.signal)
  const leave = (topic: string): void => {
    topics.get(topic)?.abort()
    topics.delete(topic)
  }
  return {
    transport: 'poll',
    subscribe(topic, since) {
      leave(topic)
      const own = new AbortController()
      topics.set(topic, own)
      void followTopic(poller, topic, since, AbortSignal.any([all.signal, own.signal]))
    },
    unsubscribe: leave,
    call: () => Promise.reject(new Error('polling has no calls')),
    // Requests fail while the server drains, and are tried again with a delay.
    pause: () => undefined,
    hurry: () => undefined,
    close: () => all.abort(),
  }
}
