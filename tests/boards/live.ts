import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../src/lib/free-port.ts'
import { runAura } from '../support/aura.ts'
import { addressesOf } from '../support/browser.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'
import { watch } from './viewers.ts'

/** Long enough for four scrapes after every rule and every viewer has begun. */
const settle = 25_000

export interface Live extends AsyncDisposable {
  readonly prometheus: Prometheus
}

/** The demonstration with Alertmanager, somebody who looks at it, and a Prometheus that scrapes each second. */
export async function startLive(program: string): Promise<Live> {
  const directory = mkdtempSync(join(tmpdir(), 'aura-boards-'))
  const stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(directory, { recursive: true, force: true }))
  try {
    const demo = stack.use(
      runAura(['demo'], {
        AURA_DATA_DIR: directory,
        AURA_DATABASE_EMBEDDED_PORT: String(await findFreePort(26_432)),
        AURA_PROMETHEUS_ENABLED: 'false',
        AURA_ALERTMANAGER_PORT: String(await findFreePort(29_193)),
      }),
    )
    const { console, metrics } = await addressesOf(demo)
    const [, alertmanager] = await demo.until(/Alertmanager +http:\/\/(\S+) +ready/)
    const end = new AbortController()
    const viewer = watch(console, end.signal)
    stack.defer(async () => {
      end.abort()
      await viewer.catch(() => undefined)
    })
    const addresses = {
      metrics: new URL(metrics).host,
      prometheus: `127.0.0.1:${await findFreePort(29_090)}`,
      alertmanager,
    }
    const prometheus = stack.use(await startPrometheus(program, directory, addresses))
    await sleep(settle)
    return { prometheus, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
