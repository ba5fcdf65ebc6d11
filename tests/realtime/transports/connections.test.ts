import * as fc from 'fast-check'
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { rights } from '../../../src/plugins/rights.ts'
import type { ConnectionInfo } from '../../../src/realtime/types.ts'
import { connectionsPage, pageOf } from '../../../src/realtime/connections-page.ts'
import { createTotals } from '../../../src/realtime/totals.ts'
import { someone } from '../../support/realtime.ts'

const info = (id: string, since: number): ConnectionInfo => ({
  id,
  principal: 'ada',
  transport: 'websocket',
  peer: 'loopback',
  since,
  queue: { bytes: 10, depth: 1 },
  sent: 5,
  skipped: 2,
  subscriptions: ['system'],
  lastPong: since,
})

interface Page {
  readonly connections: readonly ConnectionInfo[]
  readonly next?: string
  readonly totals: Record<string, unknown>
}

function build(all: () => ConnectionInfo[], may?: Set<string>) {
  const app = fastify()
  rights(app, { principalOf: () => someone('ada', may) })
  const totals = createTotals()
  connectionsPage(app, { connections: all, totals })
  const get = async (query = '') => app.inject(`/api/websocket/connections${query}`)
  return { totals, get, page: async (query?: string) => (await get(query)).json<Page>() }
}

test('pages go through all of them once, also while connections come and go', async () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[\w-]{1,8}$/), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(ids, fc.integer({ min: 1, max: 7 }), fc.nat(3), async (names, limit, spread) => {
      let all = names.map((id, i) => info(id, 1000 + (i % (spread + 1))))
      const { page } = build(() => all)
      const staying = new Set(names.slice(1))
      const seen: string[] = []
      for (let next: string | undefined = ''; next !== undefined;) {
        const { connections, next: following }: Page = await page(`?limit=${limit}${next && `&cursor=${next}`}`)
        seen.push(...connections.map(({ id }) => id))
        all = [...all.filter(({ id }) => id !== names[0]), info(`new${seen.length}`, 500)]
        next = following
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.filter((id) => staying.has(id)).toSorted()).toEqual([...staying].toSorted())
    }),
    { numRuns: 50 },
  )
})

test('the totals are of all of them, whatever the page', async () => {
  const { page, totals } = build(() => [info('a', 1), { ...info('b', 2), transport: 'sse', subscriptions: [] }])
  totals.closed(3008)
  totals.closed(0)
  expect((await page('?limit=1')).totals).toMatchObject({
    connections: 2,
    byTransport: { websocket: 1, sse: 1 },
    subscriptions: { system: 1 },
    queue: { bytes: 20, depth: 2 },
    closes: { 0: 1, 3008: 1 },
  })
})

test('needs connections:read', async () => {
  const { get } = build(() => [], new Set(['system:read']))
  expect((await get()).statusCode).toBe(403)
})

test.each(['?limit=0', '?limit=501', '?limit=x', '?limit=1&limit=2', '?cursor=x', '?cursor=', '?cursor=a&cursor=b'])(
  '%s is refused',
  async (query) => expect((await build(() => []).get(query)).statusCode).toBe(400),
)

test('an exact page has no next', () => {
  expect(pageOf([info('a', 1), info('b', 1)], 2, undefined)).not.toHaveProperty('next')
})
