import { afterAll, beforeAll, expect, test } from 'vitest'
import { encode, rawFrames, type Sent } from '../../support/raw-frames.ts'
import { startBridge, until } from '../../support/realtime.ts'

// What the public WebSocket test suites ask of a server in their sections on framing, pings, reserved bits, opcodes,
// fragments, UTF-8 and closing, asked of ours on a bare socket.
type Server = Awaited<ReturnType<typeof startBridge>>
type Peer = Awaited<ReturnType<typeof rawFrames>>

let server: Server
beforeAll(async () => {
  server = await startBridge()
})
afterAll(() => server.app.close())

const [continuation, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10] as const
const connect: Sent = { opcode: text, payload: '{"id":1,"connect":{}}' }
const command = '{"id":2,"ping":{}}'

/** Opens a peer that has connected, and hands it over. */
async function peer(): Promise<Peer> {
  const opened = await rawFrames(server.port)
  opened.send(connect)
  await until(() => answered(opened, 1))
  return opened
}

const answered = ({ frames }: Peer, id: number): boolean =>
  frames.some(({ opcode, payload }) => opcode === text && payload.toString().includes(`{"id":${id},`))

/** The code with which the server ends it after these frames. */
async function codeAfter(...sent: readonly Sent[]): Promise<number | undefined> {
  using opened = await peer()
  opened.send(...sent)
  const code = await opened.closeCode()
  return code
}

test.each([125, 126, 127, 128, 65_535, 65_536])('a text of %i bytes', async (length) => {
  using opened = await peer()
  opened.send({ opcode: text, payload: command.padEnd(length) })
  await until(() => answered(opened, 2))
})

test('frames cut anywhere on their way', async () => {
  using opened = await peer()
  opened.socket.setNoDelay(true)
  for (const byte of encode({ opcode: text, payload: command.padEnd(200) })) {
    opened.socket.write(Buffer.from([byte]))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => answered(opened, 2))
})

test.each(['', 'hello', Buffer.from([0, 255, 254, 253, 252, 0]), Buffer.alloc(125, 254)])(
  'a ping is answered with what it carries (case %#)',
  async (payload) => {
    using opened = await peer()
    opened.send({ opcode: ping, payload })
    await until(() => opened.frames.some(({ opcode }) => opcode === pong))
    expect(opened.frames.at(-1)?.payload).toEqual(Buffer.from(payload as Uint8Array))
  },
)

test('ten pings are answered in order; pongs nobody asked for are nothing', async () => {
  using opened = await peer()
  const names = Array.from({ length: 10 }, (_, n) => `ping ${n}`)
  opened.send({ opcode: pong, payload: 'unasked' }, ...names.map((payload) => ({ opcode: ping, payload })))
  await until(() => opened.frames.filter(({ opcode }) => opcode === pong).length === 10)
  expect(opened.frames.filter(({ opcode }) => opcode === pong).map(({ payload }) => payload.toString())).toEqual(names)
})

test.each([ping, pong, close])('a control frame (opcode %i) of 126 bytes, or in parts: 1002', async (opcode) => {
  expect(await codeAfter({ opcode, payload: Buffer.alloc(126, 1) })).toBe(1002)
  expect(await codeAfter({ opcode, fin: false }, { opcode: continuation })).toBe(1002)
})

test.each([1, 2, 3, 4, 5, 6, 7])('reserved bits %i: 1002', async (rsv) => {
  for (const opcode of [text, ping, close]) expect(await codeAfter({ opcode, rsv, payload: '{}' })).toBe(1002)
})

test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])('reserved opcode %i: 1002', async (opcode) => {
  expect(await codeAfter({ opcode })).toBe(1002)
  expect(await codeAfter({ opcode: text, payload: command }, { opcode, payload: 'x' })).toBe(1002)
})

test('an unmasked frame: 1002', async () => {
  expect(await codeAfter({ opcode: text, payload: command, masked: false })).toBe(1002)
})

test('a binary message: 3501, because the protocol is text', async () => {
  expect(await codeAfter({ opcode: binary, payload: command })).toBe(3501)
})

/** A message in so many parts. */
const parts = (payload: Uint8Array, count: number): Sent[] =>
  Array.from({ length: count }, (_, i) => ({
    opcode: i === 0 ? text : continuation,
    fin: i === count - 1,
    payload: payload.subarray(Math.floor((i * payload.length) / count), Math.floor(((i + 1) * payload.length) / count)),
  }))

test.each([2, 3, 16])('a message in %i parts, with pings between them', async (count) => {
  using opened = await peer()
  opened.send(...parts(Buffer.from(command), count).flatMap((part) => [part, { opcode: ping, payload: 'between' }]))
  await until(() => answered(opened, 2))
  expect(opened.frames.filter(({ opcode }) => opcode === pong)).toHaveLength(count)
})

test('a message in more parts than any client makes is not collected', async () => {
  expect(await codeAfter(...parts(Buffer.from(command), 18))).toBe(1008)
})

test.each<[string, Sent[]]>([
  ['a part of nothing', [{ opcode: continuation, payload: 'x' }]],
  ['a part of nothing that goes on', [{ opcode: continuation, fin: false, payload: 'x' }]],
  ['a part after the end', [...parts(Buffer.from(command), 2), { opcode: continuation, payload: 'x' }]],
  [
    'a new message within another',
    [
      { opcode: text, fin: false, payload: '{' },
      { opcode: text, payload: command },
    ],
  ],
])('%s: 1002', async (_name, sent) => expect(await codeAfter(...sent)).toBe(1002))

const naming = (channel: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('{"id":2,"subscribe":{"channel":"'), channel, Buffer.from('"}}')])

test.each(['κόσμε', '\u{1F600}', '\u{10FFFF}', '\uFFFD', '\uFFFE', '\u0800', '\u07FF', '\uD7FF', '\uE000'])(
  'UTF-8 that is right, whole and split within a character (case %#)',
  async (channel) => {
    const bytes = naming(Buffer.from(channel))
    for (const sent of [parts(bytes, 1), ...[1, 2, 3].map((n) => splitAt(bytes, 32 + n))]) {
      using opened = await peer()
      opened.send(...sent)
      await until(() => answered(opened, 2))
    }
  },
)

const splitAt = (bytes: Buffer, at: number): Sent[] => [
  { opcode: text, fin: false, payload: bytes.subarray(0, at) },
  { opcode: continuation, payload: bytes.subarray(at) },
]

const wrong: readonly number[][] = [
  [0x80],
  [0xbf],
  [0xc0, 0xaf],
  [0xc1, 0xbf],
  [0xc3],
  [0xe0, 0x80, 0xaf],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x80, 0x80, 0xaf],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
]

test.each(wrong.map((bytes) => [Buffer.from(bytes).toString('hex'), bytes] as const))(
  'UTF-8 that is wrong (%s): 1007, whole and in parts',
  async (_hex, bytes) => {
    const payload = naming(Buffer.from(bytes))
    expect(await codeAfter({ opcode: text, payload })).toBe(1007)
    expect(await codeAfter(...splitAt(payload, 33))).toBe(1007)
  },
)

const ending = (code: number, reason: string | Uint8Array = ''): Sent => {
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason as Uint8Array)])
  payload.writeUInt16BE(code, 0)
  return { opcode: close, payload }
}

test.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
  'a close with %i is answered with the same',
  async (code) => {
    expect(await codeAfter(ending(code, 'good bye'))).toBe(code)
    expect(await codeAfter(ending(code, 'x'.repeat(123)))).toBe(code)
  },
)

test.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])(
  'a close with %i, which nobody may send: 1002',
  async (code) => expect(await codeAfter(ending(code))).toBe(1002),
)

test('a close without a code is answered without one; of one byte 1002; with a reason that is no UTF-8 1007', async () => {
  expect(await codeAfter({ opcode: close })).toBeUndefined()
  expect(await codeAfter({ opcode: close, payload: Buffer.from([3]) })).toBe(1002)
  expect(await codeAfter(ending(1000, Buffer.from([0xce, 0xba, 0xe1, 0xbd])))).toBe(1007)
})

test('after a close nothing counts any more, and the socket ends', async () => {
  using opened = await peer()
  opened.send(ending(1000), { opcode: text, payload: command }, { opcode: ping, payload: 'still there?' })
  expect(await opened.closeCode()).toBe(1000)
  await until(() => opened.socket.destroyed || opened.socket.readableEnded)
  expect(answered(opened, 2)).toBe(false)
  expect(opened.frames.some(({ opcode }) => opcode === pong)).toBe(false)
})

test('nobody of all these is left behind', async () => {
  await until(() => server.bridge.connections().length === 0)
})
