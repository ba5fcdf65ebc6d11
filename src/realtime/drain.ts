import { closes, drain } from './codes.ts'
import { end, type Connection, type Shared } from './connection.ts'

// What a fresh server is asked to take, per second; the client spreads its return over the time this gives.
const returnsPerSecond = 500
const poll = 20

/** Sends everyone away, a slice at a time, and waits for what is still queued in the transports. */
export async function drainAll(shared: Shared): Promise<void> {
  const { clock, settings, connections } = shared
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))
  const everyone = [...connections.values()]
  const farewell = drain(Math.max(1000, (everyone.length / returnsPerSecond) * 1000))
  for (let from = 0; from < everyone.length; from += settings.drainSlice) {
    if (from > 0) await pause(settings.drainEvery)
    for (const connection of everyone.slice(from, from + settings.drainSlice)) depart(connection, farewell)
  }
  const until = clock.monotonic() + settings.drainWait
  const unsent = (): boolean => everyone.some(({ transport }) => transport.buffered > 0)
  while (unsent() && clock.monotonic() < until) await pause(poll)
  // Whoever came while we were at it has nothing that could wait.
  for (const connection of connections.values()) end(connection, closes.shutdown)
}

/** Everything that waits leaves first: what is lost here would have to be recovered from the next server. */
function depart(connection: Connection, farewell: ReturnType<typeof drain>): void {
  connection.shared.post.flushAll(connection.outbox)
  end(connection, farewell)
}
