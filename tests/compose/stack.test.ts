import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { mountsOf, root, stack, variables, written, type Service } from './stack.ts'

const services = Object.entries(stack.services)
const lasting = services.filter(([name]) => name !== 'secrets')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const volumesOf = (name: string): string[] =>
  mountsOf(stack.services[name] as Service)
    .filter(({ type }) => type === 'volume')
    .map(({ source }) => source)

test('it is the whole stack, and a profile for GPUs', () => {
  const plain = services.filter(([, { profiles = [] }]) => profiles.length === 0).map(([name]) => name)
  expect(plain.toSorted()).toEqual(
    ['alertmanager', 'aura', 'grafana', 'ollama', 'postgres', 'prometheus', 'secrets', 'tempo'].toSorted(),
  )
  expect(services.filter(([, { profiles }]) => profiles?.includes('gpu')).map(([name]) => name)).toEqual([
    'aura-gpu',
    'ollama-gpu',
  ])
})

describe.each(services)('%s', (name, service) => {
  test('is an image of one version', () => {
    expect(service.image).toMatch(/^[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/)
    if (service.build === undefined) expect(service.image).not.toMatch(/^aura/)
    else expect(service.image).toBe(`aura:${(parse(read('package.json')) as { version: string }).version}`)
  })

  test('has no rights that it does not need', () => {
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.cap_add).toEqual(name === 'secrets' ? ['CHOWN'] : undefined)
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(service.privileged).toBeUndefined()
    expect(service.pids_limit).toBeGreaterThan(0)
    // The NVIDIA toolkit writes into the container.
    expect(service.read_only).toBe(!name.endsWith('-gpu'))
  })

  test('is reached on this machine only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  test('mounts what is there, and cannot change it', () => {
    for (const { type, source, target, readOnly } of mountsOf(service)) {
      if (type === 'volume') expect(Object.keys(stack.volumes)).toContain(source)
      else expect(existsSync(resolve(root, source)), source).toBe(true)
      const secret = target === '/run/secrets'
      if (type === 'bind' || secret) expect(readOnly, target).toBe(true)
    }
  })

  test('has no secret in its environment', () => {
    const secret = Object.entries(service.environment ?? {}).filter(([key]) =>
      /PASSWORD|SECRET_KEY|TOKEN|_URL_/.test(key),
    )
    for (const [key, value] of secret) {
      expect(key).toMatch(/_FILE$/)
      expect(value).toMatch(/^\/run\/secrets\/\w+$/)
    }
  })
})

test.each(lasting)('%s comes back, and tells whether it is well', (_name, service) => {
  expect(service.restart).toBe('unless-stopped')
  expect(service.healthcheck?.test[0]).toBe('CMD')
})

test('who waits for whom can come up', () => {
  for (const [, { depends_on = {} }] of services)
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      expect(condition).toBe(needed === 'secrets' ? 'service_completed_successfully' : 'service_healthy')
      // One that may be scaled to nothing would be waited for in vain.
      expect(['secrets', 'postgres']).toContain(needed)
    }
})

test('each service mounts its own secrets and no other’s', () => {
  const secrets = Object.keys(stack.volumes).filter((name) => name.startsWith('secrets-'))
  for (const [name] of lasting) {
    const own = `secrets-${name.replace('-gpu', '')}`
    expect(volumesOf(name).filter((volume) => secrets.includes(volume))).toEqual(secrets.includes(own) ? [own] : [])
  }
  expect(volumesOf('secrets').toSorted()).toEqual(secrets.toSorted())
  expect(stack.services['secrets']?.network_mode).toBe('none')
})

test('every volume is used', () => {
  expect(new Set(services.flatMap(([name]) => volumesOf(name)))).toEqual(new Set(Object.keys(stack.volumes)))
})

test('the database is on a network without a way out, and published nowhere', () => {
  expect(stack.services['postgres']?.networks).toEqual({ database: {} })
  expect(stack.services['postgres']?.ports).toBeUndefined()
  expect(stack.networks['database']?.internal).toBe(true)
  const there = services.filter(([, { networks = {} }]) => 'database' in networks).map(([name]) => name)
  expect(there.toSorted()).toEqual(['aura', 'aura-gpu', 'grafana', 'postgres'])
})

test('with profile gpu the stand-ins answer under the names of those they stand in for', () => {
  for (const name of ['aura', 'ollama']) {
    const stands = stack.services[`${name}-gpu`]?.networks ?? {}
    expect(Object.keys(stands)).toEqual(Object.keys(stack.services[name]?.networks ?? {}))
    for (const { aliases } of Object.values(stands)) expect(aliases).toEqual([name])
  }
})

test('every address in it is that of a service', () => {
  const texts = written + read('compose/tempo.yml') + read('grafana/provisioning/datasources/aura.yml')
  const hosts = [...texts.matchAll(/https?:\/\/([a-z][a-z.]*):\d+/g)].map(([, host = '']) => host)
  expect(hosts.length).toBeGreaterThan(6)
  for (const host of hosts) expect(['host.docker.internal', ...Object.keys(stack.services)]).toContain(host)
})

test('every variable is described, and none looks like a setting of Aura that it is not', () => {
  const settings = read('.env.example')
  for (const name of variables) {
    expect(read('docs/compose.md')).toContain(`\`${name}\``)
    if (name.startsWith('AURA_')) expect(settings).toContain(`#${name}=`)
  }
})

test('every setting of Aura in it exists', () => {
  const settings = read('.env.example')
  const names = Object.keys(stack.services['aura']?.environment ?? {})
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) expect(settings).toContain(`#${name}=`)
})

test('Grafana lets nobody in unnamed and calls nobody', () => {
  expect(stack.services['grafana']?.environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_SECURITY_DISABLE_GRAVATAR: 'true',
  })
  const home = stack.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? ''
  expect(existsSync(join(root, home.replace('/etc/', '')))).toBe(true)
})
