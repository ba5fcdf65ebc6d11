import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { freePort } from '../support/centrifugo.ts'
import { enter } from '../boards/people.ts'
import { installed } from '../support/programs.ts'

const alertmanager = installed(
  'the Alertmanager that Aura starts tells Aura',
  'alertmanager',
  'prometheus-alertmanager',
)
const withAlertmanager = test.skipIf(alertmanager === undefined)

interface Kept {
  readonly state: string
  readonly labels: Readonly<Record<string, string>>
}

let env: Record<string, string>
let aura: AuraProcess
let owner: Awaited<ReturnType<typeof enter>>

async function start(): Promise<void> {
  aura = runAura(['start'], env, aura?.directory)
  await aura.until(/Alertmanager +http:\S+ +ready/, 60_000)
}

beforeAll(async () => {
  if (alertmanager === undefined) return
  env = {
    AURA_AUTH_MODE: 'accounts',
    AURA_PROMETHEUS_ENABLED: 'false',
    AURA_SERVER_PORT: String(await freePort()),
    AURA_ALERTMANAGER_PORT: String(await freePort()),
  }
  await start()
  const [link] = await aura.until(/http:\S+\/setup#token=\S+/)
  owner = await enter(link, 'ada')
})
afterAll(() => aura?.[Symbol.asyncDispose]())

/** Raises an alert as Prometheus does; `over` ends it. */
async function raise(alertname: string, severity: string, over = false): Promise<void> {
  const startsAt = new Date(Date.now() - 60_000).toISOString()
  const alert = { labels: { alertname, severity }, startsAt, ...(over && { endsAt: new Date().toISOString() }) }
  const answer = await fetch(`http://127.0.0.1:${env['AURA_ALERTMANAGER_PORT']}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  })
  expect(answer.status).toBe(200)
}

async function delivered(alertname: string): Promise<string[]> {
  const { alerts } = (await (await owner.get('/api/alerts/delivered?limit=200')).json()) as { alerts: Kept[] }
  return alerts.filter(({ labels }) => labels['alertname'] === alertname).map(({ state }) => state)
}

withAlertmanager('what matters is delivered without anything set up', async () => {
  await Promise.all([raise('Burning', 'critical'), raise('Interesting', 'info')])
  await expect.poll(() => delivered('Burning'), { timeout: 30_000 }).toEqual(['firing'])
  expect(await delivered('Interesting')).toEqual([])
})

withAlertmanager('the token is a secret of this start, and good for nothing else', async () => {
  const file = join(aura.directory, '.aura/alertmanager/aura-token')
  const token = readFileSync(file, 'utf8')
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(aura.output()).not.toContain(token)
  const asked = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${env['AURA_SERVER_PORT']}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
  const refused = await asked('/api/alerts/delivered')
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { capability: 'alerts:read' } }])
  expect((await asked('/api/governance/roles')).status).toBe(403)
  expect((await asked('/api/alerts/webhook', { method: 'POST', body: '{}' })).status).toBe(400)
  await aura.stop('SIGKILL')
  await start()
  expect(readFileSync(file, 'utf8')).not.toBe(token)
  expect((await asked('/api/alerts/webhook', { method: 'POST', body: '{}' })).status).toBe(401)
  await raise('After', 'warning')
  await expect.poll(() => delivered('After'), { timeout: 30_000 }).toEqual(['firing'])
})
