import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { createDatabaseFeature } from '../../../src/features/database/index.ts'
import { features, memoryPublisher, standingClock, takeFrom } from '../support.ts'

test('remembers connections and activity, and nothing while the server is away', async () => {
  const clock = standingClock()
  let postgres: Readonly<Record<string, unknown>> = { postmaster: 1_600_000_000 }
  const deps = { postgres: takeFrom(() => postgres), embedded: true, tableColumns: [], clock }
  const feature = createDatabaseFeature(features.database, deps)
  await using app = fastify()
  feature.routes(app)
  const history = async (query: string) =>
    (await app.inject({ url: `/api/database/history?${query}` })).json<{
      times: number[]
      series: Record<string, (number | null)[]>
    }>()

  const publisher = memoryPublisher()
  for (const readings of [postgres, {}, postgres]) {
    postgres = readings
    await feature.tick(publisher)
    clock.pass(5000)
  }
  const { times, series } = await history('minutes=15')
  expect(times).toHaveLength(3)
  expect(series['connections.used']).toEqual([0, null, 0])
  expect((await history('minutes=15&series=activity.*')).series).toEqual({})
  clock.pass(900_000)
  expect((await history('minutes=15')).times).toEqual([])
})
