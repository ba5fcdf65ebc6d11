import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createLimits } from '../../../src/realtime/limits/index.ts'
import { client, until } from '../../support/realtime.ts'
import { rawStream, startAll } from './support.ts'

/** Nothing from inside: no stack, path, SQL, name of a module or of the machine. */
const internal =
  /at \S+ \(|node:|node_modules|\/src\/|\.ts\b|select |SyntaxError|TypeError|RangeError|Unexpected token|position \d/i

const json = { 'content-type': 'application/json' }
const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
const mebibyte = 1024 * 1024

/** Runs `mischief` while a well-behaved client listens, and checks that it notices nothing. */
async function unhurt(server: Awaited<ReturnType<typeof startAll>>, mischief: () => Promise<unknown>): Promise<void> {
  using other = client(server.url)
  const got: unknown[] = []
  const sub = other.newSubscription('alert')
  sub.on('publication', ({ data }) => got.push(data.v))
  sub.subscribe()
  other.connect()
  await sub.ready(5000)
  const first = server.bridge.connections()[0]?.id
  let published = 0
  const publishing = setInterval(() => server.bridge.publish('alert', ++published), 5)
  try {
    await mischief()
  } finally {
    clearInterval(publishing)
  }
  server.bridge.publish('alert', ++published)
  await until(() => got.length === published)
  expect(got).toEqual(Array.from({ length: published }, (_, i) => i + 1))
  expect(server.bridge.connections().some(({ id }) => id === first)).toBe(true)
}

const badCommands: readonly (readonly [string, string, number])[] = [
  ['malformed JSON', '{"id":2,', 3501],
  ['not an object', '[]', 3501],
  ['deep nesting', `{"id":2,"rpc":${deep}}`, 3501],
  ['no id', '{"subscribe":{"channel":"event"}}', 3501],
  ['a line of nothing but NUL', '\u0000', 3501],
  ['too many commands at once', '{"id":2,"ping":{}}\n'.repeat(5000), 3501],
  ['more than 64 kB', `{"id":2,"rpc":{"method":"${'x'.repeat(65_536)}"}}`, 3501],
]

test.each(badCommands)('a stream that sends %s ends with its code, and nobody else', async (_name, data, code) => {
  await using server = await startAll()
  await unhurt(server, async () => {
    using stream = await rawStream(server.http)
    await until(() => stream.session !== '')
    expect((await stream.send(data)).status).toBe(204)
    await stream.reading
    expect(stream.lines.at(-1)).toMatchObject({ push: { disconnect: { code } } })
    expect(JSON.stringify(stream.lines)).not.toMatch(internal)
  })
})

const refused: readonly (readonly [string, string, number])[] = [
  ['an unknown topic', '{"id":2,"subscribe":{"channel":"nothing"}}', 102],
  ['a topic named __proto__', '{"id":2,"subscribe":{"channel":"__proto__"}}', 102],
  ['__proto__ as command', '{"id":2,"__proto__":{"channel":"event"}}', 107],
  ['fields of the wrong type', '{"id":2,"subscribe":{"channel":{"toString":1}}}', 107],
  ['an unknown method', '{"id":2,"rpc":{"method":"constructor","data":{}}}', 107],
]

test.each(refused)('%s is answered with an error, and the stream goes on', async (_name, data, code) => {
  await using server = await startAll()
  using stream = await rawStream(server.http)
  await until(() => stream.session !== '')
  await stream.send(data)
  await until(() => stream.lines.some(({ id }) => id === 2))
  expect(stream.lines.find(({ id }) => id === 2)).toMatchObject({ error: { code } })
  await stream.send('{"id":3,"subscribe":{"channel":"event"}}')
  await until(() => stream.lines.some(({ id }) => id === 3))
  expect(JSON.stringify(stream.lines)).not.toMatch(internal)
  expect(({} as Record<string, unknown>)['channel']).toBeUndefined()
})

const bodies: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, number])[] = [
  ['nothing', '', 400],
  ['malformed JSON', '{"session":', 400],
  ['deep nesting', deep, 400],
  ['__proto__', '{"__proto__":{"session":"x","data":"y"}}', 400],
  ['numbers', '{"session":1,"data":2}', 400],
  ['null', 'null', 400],
  ['a session that is far too long', JSON.stringify({ session: 'x'.repeat(1000), data: '{}' }), 400],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
  ['1 MiB + 1 byte', 'x'.repeat(mebibyte + 1), 413],
]

test.each(bodies)('/emulation refuses %s in fixed words', async (_name, body, status) => {
  await using server = await startAll()
  const response = await fetch(`${server.http}/emulation`, { method: 'POST', headers: json, body })
  const text = await response.text()
  expect([response.status, text.length < 200]).toEqual([status, true])
  expect(text).not.toMatch(internal)
})

test('other content types are not taken: they need no preflight in a browser', async () => {
  await using server = await startAll()
  for (const path of ['/emulation', '/connection/http_stream']) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const response = await fetch(server.http + path, {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{}',
      })
      expect(response.status, `${path} ${type}`).toBe(415)
    }
  }
})

test.each(['', '{', deep, '{"id":1,"subscribe":{"channel":"event"}}', '{"id":1,"connect":"x"}'])(
  'a connect command that is none opens nothing (case %#)',
  async (connect) => {
    await using server = await startAll()
    using stream = await rawStream(server.http, connect)
    await stream.reading
    expect(JSON.stringify(stream.lines)).not.toMatch(internal)
    expect(JSON.stringify(stream.lines)).toMatch(/"code":(3501|107)|^\[\]$/)
    const query = await fetch(`${server.http}/connection/sse?cf_connect=${encodeURIComponent(connect.slice(0, 4000))}`)
    expect(await query.text()).toMatch(/"code":(3501|107|"BAD_REQUEST")/)
    await until(() => server.bridge.connections().length === 0)
  },
)

test('a body that never ends takes no room, and one that claims too much is not read', async () => {
  await using server = await startAll()
  const answer = await new Promise<string>((resolve) => {
    const socket = createConnection(server.port, '127.0.0.1')
    let text = ''
    socket.on('data', (data: Buffer) => (text += data.toString()))
    socket.on('close', () => resolve(text))
    socket.on('error', () => undefined)
    socket.write(
      `POST /emulation HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${2 ** 40}\r\nConnection: close\r\n\r\n`,
    )
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
})

test('10,000 commands a second: 111, then 3013, and nobody else is hurt', async () => {
  await using server = await startAll({ admission: createLimits({}, () => performance.now()) })
  await unhurt(server, async () => {
    using stream = await rawStream(server.http)
    await until(() => stream.session !== '')
    const began = Date.now()
    for (let id = 2; !stream.over && Date.now() - began < 10_000; id += 100) {
      const commands = Array.from({ length: 100 }, (_, i) => `{"id":${id + i},"rpc":{"method":"rt","data":{"t0":1}}}`)
      await stream.send(commands.join('\n'))
    }
    expect(Date.now() - began).toBeLessThan(5000)
    await stream.reading
    expect(stream.lines.some(({ error }) => (error as { code?: number } | undefined)?.code === 111)).toBe(true)
    expect(stream.lines.at(-1)).toMatchObject({ push: { disconnect: { code: 3013 } } })
  })
})

/** The code with which a plain socket is closed after `mischief`. */
async function plainClose(port: number, mischief: (socket: WebSocket) => void): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/event`)
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve) => socket.on('open', resolve))
  mischief(socket)
  return closed
}

const flooding = (send: (socket: WebSocket) => void) => (socket: WebSocket) => {
  for (let n = 0; n < 5000; n++) send(socket)
}

test('plain sockets: too large 1009, not UTF-8 1007, a flood of messages or pings 3013', async () => {
  await using server = await startAll()
  await unhurt(server, async () => {
    expect(await plainClose(server.port, (socket) => socket.send('x'.repeat(mebibyte + 1)))).toBe(1009)
    const invalid = Buffer.from([0xff, 0xfe, 0xfd])
    expect(await plainClose(server.port, (socket) => socket.send(invalid, { binary: false }))).toBe(1007)
    expect(
      await plainClose(
        server.port,
        flooding((socket) => socket.send('x')),
      ),
    ).toBe(3013)
    // ws itself cuts off whoever pings faster than the answers can leave.
    expect([1006, 3013]).toContain(
      await plainClose(
        server.port,
        flooding((socket) => socket.ping()),
      ),
    )
  })
})
