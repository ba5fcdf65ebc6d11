import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ruleGroups } from '../../dashboards/rules/index.ts'

const shipped = join(import.meta.dirname, '../../prometheus')
const files = ['alertmanager.yml', 'alertmanager.example.yml'] as const
const secrets = ['smtp-password', 'slack-url', 'ntfy-token', 'deadman-token', 'aura-token']

const amtool = (...args: string[]): { status: number | null; out: string; text: string } => {
  const { status, stdout, stderr } = spawnSync('amtool', args, { encoding: 'utf8' })
  return { status, out: stdout.trim(), text: (stdout + stderr).trim() }
}
const installed = spawnSync('amtool', ['--version']).status === 0
if (!installed) console.warn('amtool is not installed: the configuration of Alertmanager is not tested')

interface Inhibition {
  readonly source_matchers: readonly string[]
  readonly target_matchers: readonly string[]
}
const read = (file: string) => parse(readFileSync(join(shipped, file), 'utf8')) as { inhibit_rules: Inhibition[] }

test('both files inhibit alike', () => {
  expect(read(files[0]).inhibit_rules).toEqual(read(files[1]).inhibit_rules)
})

test('Aura is told where its webhook is, also of what is over', () => {
  const { receivers } = parse(readFileSync(join(shipped, files[1]), 'utf8')) as {
    receivers: { name: string; webhook_configs: unknown }[]
  }
  expect(receivers.find(({ name }) => name === 'aura')?.webhook_configs).toMatchObject([
    {
      url: 'http://127.0.0.1:8080/api/alerts/webhook',
      send_resolved: true,
      http_config: { authorization: { credentials_file: 'secrets/aura-token' } },
    },
  ])
})

test('every alert that inhibits or is inhibited exists', () => {
  const names = ruleGroups.flatMap(({ alerts }) => alerts.map(({ alert }) => alert))
  const matchers = read(files[0]).inhibit_rules.flatMap(({ source_matchers, target_matchers }) =>
    source_matchers.concat(target_matchers),
  )
  for (const matcher of matchers) {
    const [, operator = '', pattern = ''] = /^alertname\s*(=~|!=|=)\s*"?([^"]+)"?$/.exec(matcher) ?? []
    if (operator === '') continue
    for (const part of pattern.split('|'))
      expect(
        names.some((name) => new RegExp(`^${part}$`).test(name)),
        part,
      ).toBe(true)
  }
})

describe.skipIf(!installed).each(files)('%s', (file) => {
  let folder = ''
  let config = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aura-alertmanager-'))
    config = join(folder, file)
    cpSync(join(shipped, file), config)
    mkdirSync(join(folder, 'secrets'))
    for (const name of secrets) writeFileSync(join(folder, 'secrets', name), 'https://example.org/secret')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('amtool accepts it', () => {
    const { status, text } = amtool('check-config', config)
    expect(text).toContain('SUCCESS')
    expect(status).toBe(0)
  })

  test.each([
    ['watchdog', ['alertname=Watchdog', 'severity=none', 'component=prometheus']],
    ['page', ['alertname=PostgreSQLDown', 'severity=critical', 'component=postgres']],
    ['day', ['alertname=NodeCPUStolen', 'severity=warning', 'component=host']],
    ['nobody', ['alertname=NodeCPUHighUsage', 'severity=info', 'component=host']],
    ['day', ['alertname=OfYourOwn']],
  ])('%s gets %j', (receiver, labels) => {
    // Aura hears of everything that anybody is told, but the heartbeat.
    const all = file.includes('example') && /page|day/.test(receiver) ? `aura,${receiver}` : receiver
    expect(amtool('config', 'routes', 'test', `--config.file=${config}`, ...labels).out).toBe(all)
  })
})
