import type { Socket } from 'node:net'
import * as ws from 'ws'
import type { Message } from '../message.ts'

/** The parts of `ws` that framing once needs; they are not in its types. */
interface Sender {
  frame(data: Uint8Array, options: object): Uint8Array[]
}
interface Internals {
  readonly _socket?: Socket
  readonly _extensions?: object
  readonly _sender?: { readonly _state?: number }
}

const { WebSocket } = ws
const { Sender } = ws as unknown as { Sender: Sender }
const options = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }

/** One finished frame, ready for any number of sockets. */
function frame(text: string): Uint8Array {
  return Buffer.concat(Sender.frame(Buffer.from(text), options))
}

/** Whether this `ws` frames as RFC 6455 says: a short text must come out as we know it must. */
function framesAsExpected(): boolean {
  try {
    return Buffer.from(frame('{}')).equals(Buffer.from([0x81, 2, 0x7b, 0x7d]))
  } catch {
    return false
  }
}

const able = framesAsExpected()

/** The raw socket, where writing finished frames to it is the same as sending: open, no extension, nothing pending. */
function rawSocket(socket: ws.WebSocket): Socket | undefined {
  const { _socket: raw, _extensions: extensions, _sender: sender } = socket as unknown as Internals
  const { _state: state } = sender ?? {}
  const plain = extensions !== undefined && Object.keys(extensions).length === 0
  return plain && state === 0 && raw?.writable === true ? raw : undefined
}

/** Writes texts and then messages. Messages are framed once, whatever the number of sockets they go to. */
export function createFrameWriter(
  socket: ws.WebSocket,
  framing = able,
): (texts: readonly string[], messages: readonly Message[]) => void {
  return (texts, messages) => {
    if (socket.readyState !== WebSocket.OPEN) return
    const raw = framing ? rawSocket(socket) : undefined
    if (raw === undefined) return sendAll(socket, texts, messages)
    const corked = texts.length + messages.length > 1
    if (corked) raw.cork()
    // Texts are this client's own: several share one frame, separated as the protocol says.
    if (texts.length > 0) raw.write(frame(texts.join('\n')))
    for (const message of messages) raw.write((message.frame ??= frame(message.text)))
    if (corked) raw.uncork()
  }
}

function sendAll(socket: ws.WebSocket, texts: readonly string[], messages: readonly Message[]): void {
  if (texts.length > 0) socket.send(texts.join('\n'))
  for (const { text } of messages) socket.send(text)
}
