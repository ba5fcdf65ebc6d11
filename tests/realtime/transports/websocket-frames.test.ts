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

test.each([true, false])('texts and messages arrive whole and in order (framed once: %s)', async (framing) => {
  await using it = await pair()
  const write = createFrameWriter(it.near, framing)
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
  createFrameWriter(one.near)([], [shared])
  const { frame } = shared
  expect(frame).toBeInstanceOf(Uint8Array)
  createFrameWriter(two.near)([], [shared])
  expect(shared.frame).toBe(frame)
  await expect.poll(() => [...one.got, ...two.got]).toEqual([shared.text, shared.text])
})

test('nothing is written to a socket that is closing', async () => {
  await using it = await pair()
  it.near.close()
  const unsent = message('1')
  createFrameWriter(it.near)(['{}'], [unsent])
  expect(unsent.frame).toBeUndefined()
})
