import { fastify, type FastifyInstance } from 'fastify'
import { Value } from 'typebox/value'
import { expect, onTestFinished, test } from 'vitest'
import type { ExporterName, RunningExporter } from '../../src/exporters/index.ts'
import { createHostExporter } from '../../src/exporters/host/index.ts'
import { createRunner } from '../../src/exporters/runner.ts'
import type { FeatureName } from '../../src/features/contracts.ts'
import { schemas } from '../../src/features/schemas.ts'
import featuresPlugin from '../../src/plugins/features.ts'
import openapi from '../../src/plugins/openapi.ts'
import type { Topic } from '../../src/realtime/types.ts'
import { expectContract, features, memoryPublisher } from '../features/support.ts'
import { fixtures, hostConfigOf } from '../support/host-config.ts'
import { quiet } from '../support/logger.ts'
import { until } from '../support/ollama.ts'

async function start() {
  const exporter = createHostExporter(hostConfigOf(fixtures), { log: quiet })
  const exporters = new Map<ExporterName, RunningExporter>([
    ['host', { exporter, runner: createRunner(exporter, quiet) }],
  ])
  const declared: Topic[] = []
  const publisher = memoryPublisher()
  const app: FastifyInstance = fastify()
  onTestFinished(async () => {
    await app.close()
    await exporter.stop?.()
  })
  await app.register(openapi, { topics: () => app.topics })
  await app.register(featuresPlugin, {
    config: features,
    exporters,
    bridge: { ...publisher, declare: (topic) => void declared.push(topic) },
    ollamaUrl: 'http://127.0.0.1:1',
    embedded: true,
    prometheus: () => ({ address: undefined, reason: 'not installed' }),
  })
  await app.ready()
  return { app, publisher, declared }
}

const urls: Readonly<Record<FeatureName, string>> = {
  system: '/api/system/metrics',
  database: '/api/database/health',
  models: '/api/models/status',
  alerts: '/api/alerts/firing',
}

test('every topic is declared, ticks from ready on, and its REST twin has the same payload', async () => {
  const { app, publisher, declared } = await start()
  expect(declared.map(({ name }) => name)).toEqual(Object.keys(schemas))
  for (const [name, url] of Object.entries(urls)) {
    await until(() => 'alerts' in publisher.state('alerts') && Object.keys(publisher.state(name)).length > 0, name)
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('application/json')
    expectContract(name as FeatureName, answer.json())
    expect(answer.json()).toEqual(publisher.state(name))
  }
})

test('an exporter that is switched off is said, and takes nothing else along', async () => {
  const { app } = await start()
  const [system, database, models, alerts] = await Promise.all(Object.values(urls).map((url) => app.inject(url)))
  expect(system?.json()).toMatchObject({ failing: { gpu: 'the exporter gpu is switched off' } })
  expect(database?.json()).toMatchObject({ state: { up: false, reason: expect.stringContaining('switched off') } })
  expect(models?.json()).toMatchObject({ ollama: { up: false, reason: expect.stringContaining('switched off') } })
  expect(alerts?.json()).toEqual({ reason: 'there is no Prometheus: not installed', alerts: [] })
})

test('history, and a clear answer where there is no Prometheus or no such series', async () => {
  const { app } = await start()
  await app.inject('/api/system/metrics')
  const history = (await app.inject('/api/system/history?minutes=5&series=load.*')).json()
  expect(history.times.length).toBeGreaterThan(0)
  expect(Object.keys(history.series).toSorted()).toEqual(['load.load1', 'load.load15', 'load.load5'])
  const range = await app.inject('/api/system/range?series=cpu.busy&minutes=60')
  expect([range.statusCode, range.json()]).toEqual([
    503,
    { error: { code: 'NO_PROMETHEUS', message: 'there is no Prometheus: not installed' } },
  ])
  expect((await app.inject('/api/system/range?series=up%7B%7D')).statusCode).toBe(400)
  expect((await app.inject('/api/system/range')).statusCode).toBe(400)
  for (const minutes of ['0', '-1', 'x', '1e9']) {
    expect((await app.inject(`/api/system/history?minutes=${minutes}`)).statusCode).toBe(400)
  }
})

test('the documents describe every route and every topic', async () => {
  const { app } = await start()
  const { openapi: version, paths } = (await app.inject('/api/openapi.json')).json()
  expect(version).toBe('3.1.0')
  expect(Object.keys(paths).toSorted()).toEqual(
    [...Object.values(urls), '/api/database/history', '/api/system/history', '/api/system/range'].toSorted(),
  )
  for (const [name, url] of Object.entries(urls)) {
    const { get } = paths[url]
    expect(get['x-capability']).toBe(`${name}:read`)
    const documented = get.responses['200'].content['application/json'].schema
    const contract = schemas[name as FeatureName] as unknown as { required: string[]; properties: object }
    expect(documented.required).toEqual(contract.required)
    expect(Object.keys(documented.properties)).toEqual(Object.keys(contract.properties))
    expect(Value.Check(documented, (await app.inject(url)).json())).toBe(true)
  }
  const { channels } = (await app.inject('/api/asyncapi.json')).json()
  expect(Object.keys(channels)).toEqual(Object.keys(schemas))
})
