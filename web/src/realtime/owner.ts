import { openCentrifuge } from './centrifuge-link.ts'
import { systemClock } from './clock.ts'
import { lasting, staleAfter } from './periods.ts'
import { openPoll } from './poll-link.ts'
import { createRoom, type Room } from './room.ts'
import { createSession } from './session.ts'

const probePatience = 2000

/** Whether plain HTTP reaches the server: any answer will do. */
async function reachable(base: string): Promise<boolean> {
  try {
    await fetch(new URL('/healthz', base), { cache: 'no-store', signal: AbortSignal.timeout(probePatience) })
    return true
  } catch {
    return false
  }
}

/** The room of a real browser: what it is made of, whether it lives in a worker or in a page. `base`: the server's origin. */
export const openRoom = (base: string): Room =>
  createRoom({
    clock: systemClock,
    lasting,
    openSession: (events) =>
      createSession(
        {
          clock: systemClock,
          random: Math.random,
          reachable: () => reachable(base),
          staleAfter: (topic) => (staleAfter as Readonly<Record<string, number | undefined>>)[topic],
          openLink: (transport, linkEvents) =>
            transport === 'poll' ? openPoll(base, linkEvents) : openCentrifuge(transport, base, linkEvents),
        },
        events,
      ),
  })
