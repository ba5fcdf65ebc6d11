import { expect, test } from 'vitest'
import { client, startBridge, until } from '../support/realtime.ts'

async function connected() {
  const server = await startBridge()
  const centrifuge = client(server.url)
  const sub = centrifuge.newSubscription('state')
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  return {
    server,
    centrifuge,
    async [Symbol.asyncDispose]() {
      centrifuge.disconnect()
      await server.app.close()
    },
  }
}

test('rt answers with the times of the server, and takes a report of positions', async () => {
  await using it = await connected()
  const { data } = await it.centrifuge.rpc('rt', { t0: 12.5, pos: { state: 0 } })
  expect(data).toEqual({ t0: 12.5, t1: expect.any(Number), t2: expect.any(Number) })
  expect(it.server.bridge.connections()[0]?.lag).toEqual({ ms: 0, messages: 0 })
})

test('resync brings the newest snapshot of a subscribed state topic', async () => {
  await using it = await connected()
  it.server.bridge.publish('state', 1, 'cpu')
  const { data } = await it.centrifuge.rpc('resync', { channel: 'state' })
  expect(data).toMatchObject({
    channel: 'state',
    epoch: expect.any(String),
    offset: 1,
    publications: [{ offset: 1, data: { k: 'snap', v: { cpu: 1 } } }],
  })
})

test.each([
  ['resync', { channel: 'event' }],
  ['resync', {}],
  ['rt', {}],
  ['rt', { t0: '1' }],
  ['rt', { t0: 1, pos: [] }],
  ['rt', { t0: 1, other: 2 }],
  ['rt', 'text'],
  ['constructor', {}],
  ['none', {}],
])('rpc %s %j is a bad request', async (method, data) => {
  await using it = await connected()
  await expect(it.centrifuge.rpc(method, data)).rejects.toMatchObject({ code: 107, message: 'bad request' })
})

test('values that were conflated away are counted and told', async () => {
  await using it = await connected()
  const got: { k: string; n?: number; v?: unknown }[] = []
  it.centrifuge.getSubscription('state')?.on('publication', ({ data }) => got.push(data))
  for (let n = 1; n <= 5; n++) it.server.bridge.publish('state', n, 'cpu')
  await until(() => got.length === 2)
  expect(got).toMatchObject([
    { k: 'gap', n: 4 },
    { k: 'delta', v: 5 },
  ])
  expect(it.server.bridge.connections()[0]?.skipped).toBe(4)
})
