import type { Connect, ConnectionOptions } from './connection.ts'
import { openSession, type Attempt, type Session } from './session.ts'
import { orAbort, urlOf } from './wait.ts'

/** Short sessions to any database, one at a time. */
export function createVisits(options: ConnectionOptions): { readonly connect: Connect; stop(): Promise<void> } {
  let turn: Promise<void> = Promise.resolve()
  let current: Attempt | undefined
  let stopped = false

  async function visit(database: string, signal: AbortSignal, done: () => void): Promise<Session> {
    signal.throwIfAborted()
    if (stopped) throw new Error('the exporter has been stopped')
    current = openSession({ ...options, url: urlOf(options), database, prepare: false })
    const session = await orAbort(current.session, signal, current.cancel)
    void session.closed.then(done)
    return session
  }

  return {
    async connect(database, signal) {
      const previous = turn
      const { promise, resolve } = Promise.withResolvers<void>()
      turn = promise
      try {
        await orAbort(previous, signal, () => undefined)
        return await visit(database, signal, resolve)
      } catch (error) {
        void previous.then(resolve)
        throw error
      }
    },
    async stop() {
      stopped = true
      current?.cancel(new Error('the exporter is stopping'))
      await turn
    },
  }
}
