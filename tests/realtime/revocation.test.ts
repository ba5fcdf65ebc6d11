import { State } from 'centrifuge'
import { expect, test } from 'vitest'
import type { Principal } from '../../src/realtime/types.ts'
import { client, someone, startBridge, until } from '../support/realtime.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

test('F16: a credential that runs out: 4401, a fresh token, and on without a gap', async () => {
  const good = new Set(['old'])
  let held = 'old'
  const credentials = {
    verify(token: string | undefined, principal: Principal) {
      if (token === undefined) return 'missing' as const
      held = token
      return good.has(token) ? principal : ('expired' as const)
    },
    current: (principal: Principal) => (good.has(held) ? principal : ('expired' as const)),
  }
  await using server = await startBridge({ credentials, settings: { recheckInterval: 100 } })
  let asked = 0
  const getToken = async (): Promise<string> => {
    asked++
    good.add('fresh')
    return 'fresh'
  }
  using centrifuge = client(server.url, { token: 'old', getToken })
  const codes: number[] = []
  centrifuge.on('connecting', ({ code }) => codes.push(code))
  const got: number[] = []
  const sub = centrifuge.newSubscription('event')
  sub.on('publication', ({ data }) => got.push(data.v as number))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  let published = 0
  const publishing = setInterval(() => server.bridge.publish('event', ++published), 2)
  try {
    await until(() => published > 20)
    good.delete('old')
    await until(() => asked === 1 && centrifuge.state === State.Connected)
    const now = published
    await until(() => published > now + 20)
  } finally {
    clearInterval(publishing)
  }
  await until(() => got.length >= published)
  expect(got).toEqual(upTo(published))
  expect(codes).toContain(4401)
})

test('F16: a session that ends anywhere is out within the interval, without anybody telling the bridge', async () => {
  const over = new Set<string>()
  const credentials = {
    verify: (_token: string | undefined, principal: Principal) => principal,
    current: (principal: Principal) => (over.has(principal.id) ? undefined : principal),
  }
  let guest = 0
  const names = ['ada', 'eve']
  const authenticate = (): Principal => someone(names[guest++ % 2])
  await using server = await startBridge({ credentials, authenticate, settings: { recheckInterval: 100 } })
  using first = client(server.url)
  first.connect()
  await first.ready(5000)
  using second = client(server.url)
  const ended = new Promise<{ code: number }>((resolve) => second.on('disconnected', resolve))
  second.connect()
  await second.ready(5000)
  over.add('eve')
  expect((await ended).code).toBe(3500)
  expect(server.bridge.connections().map(({ principal }) => principal)).toEqual(['ada'])
})

test('maintenance sends the real client away for good; those who come later are told the same', async () => {
  await using server = await startBridge()
  using here = client(server.url)
  const ended = new Promise<{ code: number; reason: string }>((resolve) => here.on('disconnected', resolve))
  here.connect()
  await here.ready(5000)
  server.bridge.maintain(true)
  expect(await ended).toMatchObject({ code: 4503, reason: 'maintenance' })
  using late = client(server.url)
  const refused = new Promise<{ code: number }>((resolve) => late.on('disconnected', resolve))
  late.connect()
  expect((await refused).code).toBe(4503)
  expect((await fetch(`http://127.0.0.1:${server.port}/api/poll?topic=event`)).status).toBe(503)
  server.bridge.maintain(false)
  using welcome = client(server.url)
  welcome.connect()
  await welcome.ready(5000)
})
