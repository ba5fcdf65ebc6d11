import type { Socket } from 'node:net'
import * as ws from 'ws'
import type { Message } from '../message.ts'
import { createDirectWrite } from './descriptor.ts'

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

/** Which of the ways to write there are; tests leave some out. */
export interface Ways {
  /** Finished frames on the raw socket, and not `send`. */
  readonly framed: boolean
  /** Past the stream, straight to the descriptor. */
  readonly direct: boolean
}

export interface FrameWriter {
  /** Texts and then messages. Messages are framed once, whatever the number of sockets they go to. */
  readonly write: (texts: readonly string[], messages: readonly Message[]) => void
  /** One message at once, with nothing before it; false: it has to wait, or to be written the usual way. */
  readonly pass: (message: Message) => boolean
}

/** Writes the frames of one socket. */
export function createFrameWriter(socket: ws.WebSocket, ways: Ways = { framed: able, direct: able }): FrameWriter {
  const { _socket: raw, _extensions: extensions, _sender: sender } = socket as unknown as Internals
  // Fixed by the handshake: with an extension, only `ws` knows what goes into a frame.
  const plain = ways.framed && extensions !== undefined && Object.keys(extensions).length === 0 && raw !== undefined
  const direct = plain && ways.direct ? createDirectWrite(raw) : undefined
  return {
    pass(message) {
      if (direct === undefined || socket.readyState !== WebSocket.OPEN) return false
      return direct([(message.frame ??= frame(message.text))])
    },
    write(texts, messages) {
      if (socket.readyState !== WebSocket.OPEN) return
      const { _state: state } = sender ?? {}
      // Writing finished frames is the same as sending where nothing is pending within `ws`.
      if (!plain || state !== 0 || !raw.writable) return sendAll(socket, texts, messages)
      const frames = messages.map((message) => (message.frame ??= frame(message.text)))
      // Texts are this client's own: several share one frame, separated as the protocol says.
      if (texts.length > 0) frames.unshift(frame(texts.join('\n')))
      if (frames.length > 0 && direct?.(frames) !== true) writeAll(raw, frames)
    },
  }
}

function writeAll(raw: Socket, frames: readonly Uint8Array[]): void {
  if (frames.length > 1) raw.cork()
  for (const each of frames) raw.write(each)
  if (frames.length > 1) raw.uncork()
}

function sendAll(socket: ws.WebSocket, texts: readonly string[], messages: readonly Message[]): void {
  if (texts.length > 0) socket.send(texts.join('\n'))
  for (const { text } of messages) socket.send(text)
}
