import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionOptions } from './connection.ts'
import { openSession, type Attempt, type Session } from './session.ts'
import { orAbort, urlOf } from './wait.ts'

/** How long a server that accepted the connection may take to greet; longer than any scrape, so one attempt spans several. */
const greeting = 15_000

interface Opening {
  readonly session: Promise<Session>
  /** Gives up, unless the server has been reached: then the attempt stays, so that no second one piles up behind it. */
  readonly giveUp: (reason: Error) => void
  readonly cancel: (reason: Error) => void
}

interface Kept {
  readonly get: (signal: AbortSignal) => Promise<Session>
  /** `host:port` of the newest session; empty before the first. */
  readonly server: string
  stop(): Promise<void>
}

/** The session that scrapes use again and again; opened on demand, one attempt at a time. */
export function createKept(options: ConnectionOptions): Kept {
  let session: Session | undefined
  let opening: Opening | undefined
  let failedAt = 0
  let delay = 0
  let stopped = false

  function open(): Opening {
    const abort = new AbortController()
    let attempt: Attempt | undefined
    const cancel = (reason: Error): void => {
      abort.abort(reason)
      attempt?.cancel(reason)
    }
    async function run(): Promise<Session> {
      const url = urlOf(options)
      // At most a second, so that a scrape can wait it out and still find a server that has just come back.
      const wait = failedAt + delay - Date.now()
      if (wait > 0) await sleep(wait, undefined, { signal: abort.signal })
      attempt = openSession({ ...options, url, prepare: true })
      const timer = setTimeout(cancel, greeting, new Error(`no greeting from the server within ${greeting} ms`)).unref()
      try {
        session = await attempt.session
        delay = 0
        return session
      } catch (error) {
        failedAt = Date.now()
        delay = Math.min(delay * 2 || 100, 1000)
        throw error
      } finally {
        clearTimeout(timer)
      }
    }
    const promise = run().finally(() => {
      opening = undefined
    })
    // Those who waited have been told already, or will be; nobody may be waiting any more.
    promise.catch(() => undefined)
    return { session: promise, cancel, giveUp: (reason) => attempt?.reached === true || cancel(reason) }
  }

  return {
    async get(signal) {
      signal.throwIfAborted()
      if (stopped) throw new Error('the exporter has been stopped')
      if (session?.open === true) return session
      opening ??= open()
      const { session: promise, giveUp } = opening
      return await orAbort(promise, signal, giveUp)
    },
    get server() {
      return session?.server ?? ''
    },
    async stop() {
      stopped = true
      opening?.cancel(new Error('the exporter is stopping'))
      await session?.close()
    },
  }
}
