import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { effectiveAlertmanagerConfig } from '../../src/children/effective-alertmanager.ts'
import { mountsOf, root, stack } from './stack.ts'

const header = `# prometheus/alertmanager.yml with a receiver for the Aura of docker-compose.yml. Written from it by
# \`npm test -- --update=all compose/alertmanager\`; changes here are lost.
`
const path = join(root, 'compose/alertmanager/alertmanager.yml')

/** What Alertmanager reads in its container. */
function composed(): string {
  const native: unknown = parse(readFileSync(join(root, 'prometheus/alertmanager.yml'), 'utf8'))
  const delivery = { url: 'http://aura:8080/api/alerts/webhook', credentialsFile: '/run/secrets/aura_token' }
  return header + stringify(effectiveAlertmanagerConfig(native, '', delivery), { singleQuote: true })
}

test('compose/alertmanager/alertmanager.yml is alertmanager.yml with a receiver for Aura', async () => {
  await expect(composed()).toMatchFileSnapshot(path)
})

test('Alertmanager reaches Aura with the token that Aura knows', () => {
  const { alertmanager, aura } = stack.services
  if (alertmanager === undefined || aura === undefined) throw new Error('there is none')
  const shared = Object.keys(alertmanager.networks ?? {}).filter((name) => name in (aura.networks ?? {}))
  expect(shared).toEqual(['telemetry'])
  expect(mountsOf(alertmanager).map(({ target }) => target)).toContain('/run/secrets')
  const given = readFileSync(join(root, 'compose/secrets.sh'), 'utf8')
  expect(given).toContain('give alertmanager aura_token 65534 "$delivery"')
  const file = aura.environment?.['AURA_ALERTMANAGER_DELIVERY_TOKEN_FILE']
  expect(given).toContain(`give aura ${file?.replace('/run/secrets/', '')} 10464 "$delivery"`)
})
