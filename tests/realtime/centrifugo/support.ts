import type { PublicationContext, Subscription } from 'centrifuge'
import type { RealtimeOptions } from '../../../src/plugins/realtime.ts'
import { createMemoryAlertLog, type AlertLog } from '../../../src/realtime/alert-log.ts'
import type { Principal } from '../../../src/realtime/types.ts'
import { apiKey, freePort, proxySecret, startCentrifugo, type RunningCentrifugo } from '../../support/centrifugo.ts'
import { someone, startBridge } from '../../support/realtime.ts'

export interface Pair extends AsyncDisposable {
  readonly centrifugo: RunningCentrifugo
  aura: Awaited<ReturnType<typeof startBridge>>
  /** Another Aura in the place of the last one, with the same store. */
  restart(): Promise<void>
}

/** A store that outlives the Aura of a pair. */
function lasting(): () => AlertLog {
  let epochs = 0
  const log = createMemoryAlertLog(() => `log${++epochs}`)
  return () => log
}

/** Aura and Centrifugo, each knowing the other. */
export async function startPair(
  program: string,
  principal: () => Principal | undefined = () => someone(),
  recheck = 60_000,
  openLog: () => AlertLog = lasting(),
): Promise<Pair> {
  const [port, behind] = [await freePort(), await freePort()]
  const options: Partial<RealtimeOptions> & { port: number } = {
    port,
    durable: ['alert', 'event'],
    centrifugo: {
      url: `http://127.0.0.1:${behind}`,
      apiKey,
      timeout: 1000,
      proxySecret,
      recheck,
      authenticate: principal,
    },
  }
  const pair = { aura: await startBridge({ ...options, alertLog: openLog() }) }
  const centrifugo = await startCentrifugo(program, `http://127.0.0.1:${port}`, { port: behind })
  return Object.assign(pair, {
    centrifugo,
    async restart() {
      await pair.aura.app.close()
      pair.aura = await startBridge({ ...options, alertLog: openLog() })
    },
    async [Symbol.asyncDispose]() {
      await centrifugo.kill()
      await pair.aura.app.close()
    },
  })
}

export const isUp = ({ aura }: Pair): boolean => aura.app.centrifugo?.().state === 'up'

/** By Aura's own position, which a publication keeps when Centrifugo is told it again. */
const idOf = ({ tags }: PublicationContext): string => `${tags?.['epoch']}:${tags?.['offset']}`

/** Follows a topic as a careful client does: asks for the history when a resume was not possible, and knows what it had. */
export function follow(sub: Subscription): { readonly values: number[]; readonly raw: PublicationContext[] } {
  const had = new Set<string>()
  const values: number[] = []
  const raw: PublicationContext[] = []
  const take = (publication: PublicationContext): void => {
    raw.push(publication)
    if (had.has(idOf(publication))) return
    had.add(idOf(publication))
    values.push((publication.data as { v: number }).v)
  }
  sub.on('publication', take)
  sub.on('subscribed', ({ wasRecovering, recovered }) => {
    if (!wasRecovering || recovered) return
    sub.history({ limit: 1000 }).then(
      ({ publications }) => publications.forEach(take),
      () => undefined,
    )
  })
  return { values, raw }
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
