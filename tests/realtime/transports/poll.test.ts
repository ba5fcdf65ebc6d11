import { expect, test } from 'vitest'
import { parseCursor } from '../../../src/realtime/transports/poll-cursor.ts'
import { client, someone, until } from '../../support/realtime.ts'
import { startAll } from './support.ts'

interface Answer {
  readonly epoch: string
  readonly offset: number
  readonly recovered: boolean
  readonly publications: readonly {
    readonly offset?: number
    readonly data: { readonly k: string; readonly v: unknown }
  }[]
}
const ask = (http: string, topic: string, since?: string, signal?: AbortSignal): Promise<Response> => {
  const url = new URL('/api/poll', http)
  url.searchParams.set('topic', topic)
  if (since !== undefined) url.searchParams.set('since', since)
  return fetch(url, signal === undefined ? {} : { signal })
}
const poll = async (http: string, topic: string, since?: string): Promise<Answer> =>
  (await (await ask(http, topic, since)).json()) as Answer

test('without a cursor: the position at once, and for state the snapshot', async () => {
  await using server = await startAll()
  server.bridge.publish('event', 1)
  server.bridge.publish('state', 1, 'a')
  server.bridge.publish('state', 2, 'b')
  expect(await poll(server.http, 'event')).toMatchObject({ offset: 1, publications: [] })
  const { offset, publications } = await poll(server.http, 'state')
  expect(offset).toBe(2)
  expect(publications).toMatchObject([{ offset: 2, data: { k: 'snap', v: { a: 1, b: 2 } } }])
})

test('with a cursor: all that followed, each once, over any number of requests', async () => {
  await using server = await startAll()
  let { epoch, offset } = await poll(server.http, 'event')
  const got: unknown[] = []
  const publishing = (async () => {
    for (let n = 1; n <= 60; n++) {
      server.bridge.publish('event', n)
      if (n % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 25))
    }
  })()
  while (got.length < 60) {
    const answer = await poll(server.http, 'event', `${epoch}:${offset}`)
    expect(answer.recovered).toBe(true)
    got.push(...answer.publications.map(({ data }) => data.v))
    ;({ epoch, offset } = answer)
  }
  await publishing
  expect(got).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
})

test('waits for the next, holds one listener meanwhile and none afterwards', async () => {
  await using server = await startAll()
  const { epoch } = await poll(server.http, 'alert')
  const waiting = ask(server.http, 'alert', `${epoch}:0`)
  await until(() => server.bridge.listeners('alert') === 1)
  server.bridge.publish('alert', 'now')
  const response = await waiting
  expect(response.status).toBe(200)
  expect(response.headers.get('etag')).toBe(`"${epoch}:1"`)
  expect(await response.json()).toMatchObject({ publications: [{ offset: 1, data: { v: 'now' } }] })
  expect(server.bridge.listeners('alert')).toBe(0)
})

test('who goes away while waiting leaves nothing behind', async () => {
  await using server = await startAll()
  const { epoch } = await poll(server.http, 'alert')
  const gone = new AbortController()
  const waiting = ask(server.http, 'alert', `${epoch}:0`, gone.signal).catch(() => 'gone')
  await until(() => server.bridge.listeners('alert') === 1)
  gone.abort()
  expect(await waiting).toBe('gone')
  await until(() => server.bridge.listeners('alert') === 0)
})

test('closing the server answers those who wait with 204 and the cursor', async () => {
  const server = await startAll()
  const { epoch } = await poll(server.http, 'alert')
  const waiting = ask(server.http, 'alert', `${epoch}:0`)
  await until(() => server.bridge.listeners('alert') === 1)
  await server.app.close()
  const response = await waiting
  expect(response.status).toBe(204)
  expect(response.headers.get('etag')).toBe(`"${epoch}:0"`)
})

test('a cursor of another epoch, or from the future, is told so and never answered in part', async () => {
  await using server = await startAll()
  for (let n = 1; n <= 3; n++) server.bridge.publish('event', n)
  const { epoch } = await poll(server.http, 'event')
  for (const since of [`other:1`, `${epoch}:99`]) {
    expect(await poll(server.http, 'event', since)).toEqual({ epoch, offset: 3, recovered: false, publications: [] })
  }
})

test('the cursor is that of the sockets', async () => {
  await using server = await startAll()
  using centrifuge = client(server.url)
  const sub = centrifuge.newSubscription('event')
  let position = { epoch: '', offset: 0 }
  sub.on('subscribed', ({ streamPosition }) => void (position = streamPosition ?? position))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  centrifuge.disconnect()
  server.bridge.publish('event', 'missed')
  const { publications } = await poll(server.http, 'event', `${position.epoch}:${position.offset}`)
  expect(publications).toMatchObject([{ offset: 1, data: { v: 'missed' } }])
})

test('refusals: no topic 404, no right 403, nobody 401, foreign origin 403, no cursor 400', async () => {
  const may = new Set(['alert:read'])
  await using server = await startAll({
    authenticate: ({ headers }) => (headers['x-nobody'] === undefined ? someone('ada', may) : undefined),
    allowsOrigin: (origin) => origin === undefined,
  })
  const status = async (query: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${server.http}/api/poll${query}`, { headers })).status
  expect(await status('')).toBe(404)
  expect(await status('?topic=nothing')).toBe(404)
  expect(await status('?topic=__proto__')).toBe(404)
  expect(await status('?topic=event')).toBe(403)
  expect(await status('?topic=alert', { 'x-nobody': '1' })).toBe(401)
  expect(await status('?topic=alert', { origin: 'http://evil.example' })).toBe(403)
  for (const since of ['', 'x', ':', 'x:', ':1', 'x:-1', 'x:1.5', 'x:1e3', 'x:99999999999999999', 'a b:1']) {
    expect(await status(`?topic=alert&since=${encodeURIComponent(since)}`), since).toBe(400)
  }
  expect(await status('?topic=alert&since=a:1&since=b:2')).toBe(400)
  expect(await status('?topic=alert')).toBe(200)
})

test('cursors', () => {
  expect(parseCursor('abc_-1:42')).toEqual({ epoch: 'abc_-1', offset: 42 })
  expect(parseCursor('a:1\n')).toBeUndefined()
})
