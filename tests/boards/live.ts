import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { createOllamaExporter } from '../../src/exporters/ollama/index.ts'
import { findFreePort } from '../../src/lib/free-port.ts'
import { gpuExporter, simulatedRun } from '../exporters/gpu/simulated.ts'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { addressesOf } from '../support/browser.ts'
import { quiet } from '../support/logger.ts'
import { ollamaOptions } from '../support/ollama.ts'
import { findPostgres } from '../support/postgres.ts'
import { startAlertmanager } from './alertmanager.ts'
import { serveElsewhere } from './elsewhere.ts'
import { inviteThem } from './governance-faults.ts'
import { recordedMachine } from './machine.ts'
import { spill } from './ollama-faults.ts'
import { rewriteHistory, startDatabaseFaults } from './postgres-faults.ts'
import { startPrometheus, type Further, type Prometheus } from './prometheus.ts'
import { startStandby } from './standby.ts'
import { watch } from './viewers.ts'

/** Long enough for four scrapes after every rule, every viewer and every fault has begun. */
const settle = 25_000

export interface Live extends AsyncDisposable {
  readonly prometheus: Prometheus
}

export interface Programs {
  readonly prometheus: string
  readonly alertmanager: string
}

const major = [18, 17, 16, 15].find((candidate) => findPostgres(candidate) !== undefined)

/** Checkpoints that reach nobody, an audit file of another program, and tables that are looked at often. */
function settings(directory: string): string {
  const foreign = join(directory, 'proxy.log')
  writeFileSync(foreign, '{"ts":"2026-11-01T12:00:00Z","user":"eve","action":"GET /"}\nnot JSON\n')
  const file = join(directory, 'aura.yaml')
  const audit = {
    checkpoint_interval: '5s',
    verify_interval: '5s',
    webhook_url: 'http://127.0.0.1:9/',
    foreign: { sources: { proxy: { files: foreign, time: 'ts', actor: 'user', action: 'action' } } },
  }
  const exporters = { postgres: { databases: { interval: '5s' } } }
  writeFileSync(file, stringify({ audit, exporters }))
  return file
}

async function startDemo(directory: string): Promise<AuraProcess> {
  return runAura(['demo', '--config', settings(directory)], {
    AURA_AUTH_MODE: 'accounts',
    AURA_DATA_DIR: directory,
    AURA_DATABASE_EMBEDDED_PORT: String(await findFreePort(26_432)),
    AURA_PROMETHEUS_ENABLED: 'false',
    AURA_ALERTMANAGER_ENABLED: 'false',
  })
}

/** Further machines: the recorded one, with an Ollama that is down and a driver that hangs; and a replica. */
async function startElsewhere(directory: string, stack: AsyncDisposableStack): Promise<Further> {
  const machine = {
    '/metrics/host': recordedMachine(directory),
    '/metrics/ollama': createOllamaExporter(ollamaOptions('http://127.0.0.1:9'), { log: quiet }),
    '/metrics/gpu': gpuExporter({ run: simulatedRun(() => 'hang') }),
  }
  for (const exporter of Object.values(machine)) stack.defer(() => exporter.stop?.())
  const standby = major === undefined ? undefined : stack.use(await startStandby(major))
  const exporters = { ...machine, ...(standby && { '/metrics/postgres': standby.exporter }) }
  const { address } = stack.use(await serveElsewhere(exporters))
  return { node: address, ollama: address, gpu: address, ...(standby && { postgres: address }) }
}

/** Does something again and again until the stack ends. */
function repeat(stack: AsyncDisposableStack, act: (signal: AbortSignal) => Promise<void>): void {
  const end = new AbortController()
  const acting = act(end.signal).catch(() => undefined)
  stack.defer(async () => {
    end.abort()
    await acting
  })
}

/**
 * The demonstration with everything that boards can show: people who use it and people who are turned away, further
 * machines, faults of the database, an Alertmanager that cannot tell anybody, and a Prometheus that scrapes each second.
 */
export async function startLive(programs: Programs): Promise<Live> {
  const directory = mkdtempSync(join(tmpdir(), 'aura-boards-'))
  // The database's own account has to get in.
  chmodSync(directory, 0o755)
  const stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(directory, { recursive: true, force: true }))
  try {
    const further = await startElsewhere(directory, stack)
    const demo = stack.use(await startDemo(directory))
    const { console, metrics, simulator } = await addressesOf(demo)
    const [link] = await demo.until(/http:\S+\/setup#token=\S+/)
    const alertmanager = stack.use(await startAlertmanager(programs.alertmanager, directory, `${console}/no-such-page`))
    const addresses = {
      metrics: new URL(metrics).host,
      prometheus: `127.0.0.1:${await findFreePort(29_090)}`,
      alertmanager: alertmanager.address,
    }
    const prometheus = stack.use(await startPrometheus(programs.prometheus, directory, addresses, further))
    const people = await inviteThem(console, link)
    repeat(stack, (signal) => watch(console, people.token, signal))
    repeat(stack, (signal) => spill(simulator, signal))
    // An increase needs a value before it.
    await prometheus.until('pg_stat_database_deadlocks{datname="aura"} and on (instance) aura_approvals_decided_total')
    stack.use(await startDatabaseFaults(join(directory, 'demo')))
    await people.askForApproval()
    await people.turnAway()
    await sleep(settle)
    await people.turnAway()
    await rewriteHistory(join(directory, 'demo'))
    await prometheus.until('ALERTS{alertname="AuditChainBroken", alertstate="firing"}')
    return { prometheus, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
