import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { effectiveAlertmanagerConfig } from '../../src/children/effective-alertmanager.ts'

interface Config {
  route: { receiver: string; routes: { receiver: string; continue?: boolean }[] }
  receivers: { name: string; webhook_configs?: object[] }[]
  inhibit_rules: object[]
}

const directory = join(import.meta.dirname, '../../prometheus')
const file = (name: string) => parse(readFileSync(join(directory, name), 'utf8')) as Config
const delivery = { url: 'http://127.0.0.1:8080/api/alerts/webhook', credentialsFile: '/data/aura-token' }
const effective = (config: unknown, to: typeof delivery | undefined = delivery) =>
  effectiveAlertmanagerConfig(config, '/etc', to) as unknown as Config

test('Aura is told first, and all others as the file says', () => {
  const plain = file('alertmanager.yml')
  const { route, receivers, inhibit_rules } = effective(plain)
  expect(route.routes[0]).toMatchObject({ receiver: 'aura', continue: true, matchers: ['severity !~ "info|none"'] })
  expect(route.routes.slice(1)).toEqual(plain.route.routes)
  expect(route.receiver).toBe(plain.route.receiver)
  expect(receivers[0]).toMatchObject({
    name: 'aura',
    webhook_configs: [
      {
        url: delivery.url,
        send_resolved: true,
        http_config: { authorization: { credentials_file: delivery.credentialsFile } },
      },
    ],
  })
  expect(receivers.slice(1)).toEqual(plain.receivers)
  expect(inhibit_rules).toEqual(plain.inhibit_rules)
})

test('the example tells Aura the same way', () => {
  const example = file('alertmanager.example.yml')
  const made = effective(file('alertmanager.yml'), { ...delivery, credentialsFile: 'secrets/aura-token' })
  expect(example.route.routes[0]).toEqual(made.route.routes[0])
  expect(example.receivers.find(({ name }) => name === 'aura')).toEqual(made.receivers[0])
})

test('a file with a receiver of that name, and one for no Aura, are left as they are but for their paths', () => {
  const own = {
    templates: ['templates/*.tmpl'],
    route: { receiver: 'aura' },
    receivers: [{ name: 'aura', webhook_configs: [{ url_file: 'secrets/url' }] }],
  }
  const moved = {
    templates: ['/etc/templates/*.tmpl'],
    route: { receiver: 'aura' },
    receivers: [{ name: 'aura', webhook_configs: [{ url_file: '/etc/secrets/url' }] }],
  }
  expect(effective(own)).toEqual(moved)
  expect(effectiveAlertmanagerConfig({ route: { receiver: 'day' } }, '/etc', undefined)).toEqual({
    route: { receiver: 'day' },
  })
})

test('a file without routes gets one; what is no mapping is refused', () => {
  const config = effective({ route: { receiver: 'day' }, receivers: [{ name: 'day' }] })
  expect(config.route.routes).toHaveLength(1)
  expect(() => effective('text')).toThrow('alertmanager.yml is not a mapping')
})
