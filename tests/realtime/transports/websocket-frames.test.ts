import { WebSocket, WebSocketServer } from 'ws'
import { expect, test } from 'vitest'
import { toMessage } from '../../../src/realtime/message.ts'
import { createFrameWriter } from '../../../src/realtime/transports/frames.ts'

/** A real pair of sockets; `got` is what the client received, message by message. */
async function pair() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve))
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
  const got: string[] = []
  client.on('message', (data: Buffer) => got.push(data.toString()))
  const near = await accepted
  if (client.readyState !== WebSocket.OPEN) await new Promise((resolve) => client.once('open', resolve))
  return {
    near,
    far: client,
    got,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        client.terminate()
        server.close(() => resolve())
      }),
  }
}

const message = (json: string) => toMessage('t', 'event', { offset: 1, json }, 0)
// Each of the three lengths that a frame knows, and more than one byte per character.
const payloads = ['1', '"é€😀"', `"${'x'.repeat(200)}"`, `"${'y'.repeat(70_000)}"`]

const ways = [
  { framed: true, direct: true },
  { framed: true, direct: false },
  { framed: false, direct: false },
]

test.each(ways)('texts and messages arrive whole and in order: %j', async (way) => {
  await using it = await pair()
  const { write } = createFrameWriter(it.near, way)
  const messages = payloads.map(message)
  write(['{"a":1}', '{"b":2}'], messages)
  write([], messages.slice(0, 1))
  const expected = ['{"a":1}\n{"b":2}', ...messages.map(({ text }) => text), messages[0]?.text]
  await expect.poll(() => it.got.length).toBe(expected.length)
  expect(it.got).toEqual(expected)
})

test('a message is framed once for all sockets; this ws allows it', async () => {
  await using one = await pair()
  await using two = await pair()
  const shared = message('{"n":1}')
  createFrameWriter(one.near).write([], [shared])
  const { frame } = shared
  expect(frame).toBeInstanceOf(Uint8Array)
  createFrameWriter(two.near).write([], [shared])
  expect(shared.frame).toBe(frame)
  await expect.poll(() => [...one.got, ...two.got]).toEqual([shared.text, shared.text])
})

test('nothing is written to a socket that is closing', async () => {
  await using it = await pair()
  it.near.close()
  const unsent = message('1')
  createFrameWriter(it.near).write(['{}'], [unsent])
  expect(createFrameWriter(it.near).pass(unsent)).toBe(false)
  expect(unsent.frame).toBeUndefined()
})

test('one message past everything; what the kernel does not take at once waits in the socket, and comes whole', async () => {
  await using it = await pair()
  const { write, pass } = createFrameWriter(it.near)
  const large = Array.from({ length: 200 }, (_, n) => message(`"${n}${'z'.repeat(65_536)}"`))
  it.far.pause()
  const passed = large.findIndex((each) => !pass(each))
  // So many were taken by the kernel and the last of them in part; then no more.
  expect(passed).toBeGreaterThan(0)
  expect(it.near.bufferedAmount).toBeGreaterThan(0)
  write(['{}'], large.slice(passed))
  it.far.resume()
  const expected = [
    ...large.slice(0, passed).map(({ text }) => text),
    '{}',
    ...large.slice(passed).map(({ text }) => text),
  ]
  await expect.poll(() => it.got.length, { timeout: 10_000 }).toBe(expected.length)
  expect(it.got).toEqual(expected)
  expect(pass(message('1'))).toBe(true)
})

test('a socket that is gone takes nothing, not even from a descriptor that is somebody else’s by now', async () => {
  await using it = await pair()
  const { pass } = createFrameWriter(it.near)
  it.near.terminate()
  expect(pass(message('1'))).toBe(false)
})
