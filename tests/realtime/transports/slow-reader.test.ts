import { createConnection, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { client, until } from '../../support/realtime.ts'
import { startAll } from './support.ts'

/** Opens an event stream by hand, subscribes it, and from then on reads nothing. */
async function muteReader(port: number): Promise<Socket> {
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const connect = encodeURIComponent('{"id":1,"connect":{}}')
  socket.write(`GET /connection/sse?cf_connect=${connect} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  let text = ''
  const session = await new Promise<string>((resolve) => {
    socket.on('data', (data: Buffer) => {
      text += data.toString()
      const found = /"session":"([^"]+)"/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  socket.pause()
  const data = '{"id":2,"subscribe":{"channel":"event"}}'
  const headers = { 'content-type': 'application/json' }
  const url = `http://127.0.0.1:${port}/emulation`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ session, data }) })
  expect(response.status).toBe(204)
  return socket
}

test('a stream that nobody reads is closed, its memory given back, and the others go on', async () => {
  await using server = await startAll()
  const mute = await muteReader(server.port)
  using other = client(server.url)
  const got: unknown[] = []
  const sub = other.newSubscription('event')
  sub.on('publication', ({ data }) => got.push((data.v as { n: number }).n))
  sub.subscribe()
  other.connect()
  await sub.ready(5000)
  const text = 'x'.repeat(16 * 1024)
  let most = 0
  let published = 0
  // More than the kernel takes for a peer that does not read, and what may wait here besides.
  while (server.bridge.connections().length > 1 && published < 5000) {
    for (let n = 0; n < 20; n++) server.bridge.publish('event', { n: ++published, text })
    await until(() => got.length === published)
    most = Math.max(most, ...server.bridge.connections().map(({ queue }) => queue.bytes))
  }
  expect(server.bridge.connections()).toHaveLength(1)
  expect(most).toBeLessThan(2.5 * 1024 * 1024)
  expect(got).toEqual(Array.from({ length: published }, (_, i) => i + 1))
  const open = (): Promise<number> =>
    new Promise((resolve) => server.app.server.getConnections((_error, count) => resolve(count)))
  // The client's own socket, and perhaps one that fetch keeps.
  let sockets = Infinity
  await until(() => {
    void open().then((count) => (sockets = count))
    return sockets <= 2
  })
  mute.destroy()
})
