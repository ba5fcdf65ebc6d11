import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { findFreePort } from '../../../src/lib/free-port.ts'
import { startProgram } from '../../boards/program.ts'
import { startConsole, type TestConsole } from '../../support/console.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { installed } from '../../support/programs.ts'
import { makeUser, token, type Headers } from '../../support/sign-in.ts'

const program = installed('deliveries of a real Alertmanager', 'alertmanager', 'prometheus-alertmanager')
const shipped = join(import.meta.dirname, '../../../prometheus/alertmanager.example.yml')

let postgres: TestPostgres
let aura: TestConsole
let service: Headers

beforeAll(async () => {
  if (program === undefined) return
  postgres = await startPostgres(18)
  const url = postgres.urlOf('postgres')
  aura = await startConsole((config) => ({ ...config, database: { ...config.database, url } }))
  service = await token(aura, await makeUser(aura, 'service'))
  await aura.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await postgres?.[Symbol.asyncDispose]()
})

interface Example {
  readonly receivers: { readonly name: string; readonly webhook_configs: object[] }[]
}

/** Alertmanager with the receiver `aura` as the example has it, its token in its place, and nobody else to tell. */
async function startAlertmanager() {
  const folder = join(aura.dataDir, 'alertmanager')
  mkdirSync(join(folder, 'secrets'), { recursive: true })
  writeFileSync(join(folder, 'secrets/aura-token'), `${service['authorization']?.replace('Bearer ', '')}\n`)
  const { receivers } = parse(readFileSync(shipped, 'utf8')) as Example
  const [webhook] = receivers.find(({ name }) => name === 'aura')?.webhook_configs ?? []
  const url = `${aura.app.listeningOrigin}/api/alerts/webhook`
  const file = join(folder, 'alertmanager.yml')
  const haste = { group_wait: '0s', group_interval: '1s', repeat_interval: '1h' }
  const told = [{ name: 'aura', webhook_configs: [{ ...webhook, url }] }]
  writeFileSync(file, stringify({ route: { receiver: 'aura', group_by: ['alertname'], ...haste }, receivers: told }))
  const origin = `http://127.0.0.1:${await findFreePort(29_493)}`
  const flags = [`--web.listen-address=${origin.slice(7)}`, '--cluster.listen-address=']
  const args = [`--config.file=${file}`, `--storage.path=${folder}`, ...flags]
  const running = await startProgram(program ?? '', args, `${origin}/-/ready`)
  return { origin, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() }
}

async function raise(origin: string, alertname: string, times: object): Promise<void> {
  const labels = { alertname, severity: 'critical', instance: 'here' }
  const alert = { labels, annotations: { summary: `${alertname} here` }, generatorURL: 'http://prometheus/', ...times }
  const headers = { 'content-type': 'application/json' }
  const { ok } = await fetch(`${origin}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify([alert]) })
  expect(ok).toBe(true)
}

const kept = async () =>
  (await aura.app.inject({ url: '/api/alerts/delivered', headers: { ...service } })).json().alerts
const soon = { timeout: 40_000, interval: 250 }

test.skipIf(program === undefined)(
  'an alert comes, ends and is closed; one that came while PostgreSQL was away is not lost',
  async () => {
    await using manager = await startAlertmanager()
    const startsAt = new Date(Date.now() - 60_000)
    await raise(manager.origin, 'Full', { startsAt })
    const full = { labels: { alertname: 'Full', severity: 'critical', instance: 'here' }, startsAt: startsAt.getTime() }
    await expect
      .poll(kept, soon)
      .toMatchObject([
        { ...full, state: 'firing', annotations: { summary: 'Full here' }, generatorUrl: 'http://prometheus/' },
      ])
    const endsAt = new Date()
    await raise(manager.origin, 'Full', { startsAt, endsAt })
    await expect.poll(kept, soon).toMatchObject([{ ...full, state: 'resolved', endsAt: endsAt.getTime() }])

    await postgres.stop()
    try {
      await raise(manager.origin, 'Slow', { startsAt })
      const failed = async () => (await fetch(`${manager.origin}/metrics`)).text()
      await expect
        .poll(failed, soon)
        .toMatch(/alertmanager_notification_requests_failed_total\{[^}]*integration="webhook"[^}]*\} [1-9]/)
    } finally {
      await postgres.start()
    }
    await expect.poll(kept, soon).toMatchObject([{ labels: { alertname: 'Slow' }, state: 'firing' }, full])
  },
  120_000,
)
