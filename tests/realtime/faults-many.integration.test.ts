import type { Centrifuge } from 'centrifuge'
import { expect, test } from 'vitest'
import { rawClient } from '../support/raw-client.ts'
import { client, startBridge, until } from '../support/realtime.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

/** Real clients that resume, and the numbers each got. */
async function subscribeAll(url: string, count: number): Promise<{ link: Centrifuge; got: number[] }[]> {
  return Promise.all(
    upTo(count).map(async () => {
      const link = client(url, { minReconnectDelay: 20, maxReconnectDelay: 500 })
      const got: number[] = []
      const sub = link.newSubscription('event')
      sub.on('publication', ({ data }) => got.push(data.v as number))
      sub.subscribe()
      link.connect()
      await sub.ready(20_000)
      return { link, got }
    }),
  )
}

test('F9: 200 sockets cut at once while messages go on: all are back, nothing lost, nothing twice', async () => {
  await using server = await startBridge()
  const all = await subscribeAll(server.url, 200)
  let published = 0
  const publishing = setInterval(() => server.bridge.publish('event', ++published), 10)
  try {
    for (let cut = 0; cut < 2; cut++) {
      await until(() => all.every(({ got }) => got.length > 5))
      const before = new Set(server.bridge.connections().map(({ id }) => id))
      for (const socket of server.app.websocketServer.clients) socket.terminate()
      await until(() => {
        const now = server.bridge.connections()
        return server.bridge.listeners('event') === 200 && now.every(({ id }) => !before.has(id))
      }, 20_000)
    }
  } finally {
    clearInterval(publishing)
  }
  await until(() => all.every(({ got }) => got.length >= published), 20_000)
  const wanted = upTo(published)
  for (const { got } of all) expect(got).toEqual(wanted)
  for (const { link } of all) link.disconnect()
  await until(() => server.bridge.connections().length === 0 && server.bridge.listeners('event') === 0)
})

test('F15: an alert overtakes the state that was published before it', async () => {
  await using server = await startBridge()
  using raw = await rawClient(server.url)
  raw.send({ id: 2, subscribe: { channel: 'state' } }, { id: 3, subscribe: { channel: 'alert' } })
  await raw.reply(3)
  // The reader rests, so that the flood waits on our side.
  raw.socket.pause()
  const text = 'x'.repeat(16 * 1024)
  for (let n = 1; n <= 3000; n++) {
    server.bridge.publish('state', { n, text }, `k${n % 50}`)
    if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(server.bridge.connections()[0]?.queue.depth).toBeGreaterThan(0)
  server.bridge.publish('alert', { n: 'alert' })
  raw.socket.resume()
  const numbers = () =>
    raw.replies.flatMap(({ push }) => (push as { pub?: { data: { v?: { n: unknown } } } })?.pub?.data.v?.n ?? [])
  await until(() => numbers().includes(3000))
  const order = numbers()
  expect(order).toContain('alert')
  expect(order.indexOf('alert')).toBeLessThan(order.indexOf(3000))
})
