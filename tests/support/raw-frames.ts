import { createConnection } from 'node:net'
import { until } from './realtime.ts'

export interface Frame {
  readonly opcode: number
  readonly payload: Buffer
}

export interface Sent {
  readonly opcode: number
  readonly payload?: string | Uint8Array
  readonly fin?: boolean
  /** The three reserved bits. */
  readonly rsv?: number
  readonly masked?: boolean
}

/** A frame as a client sends it, right or wrong. Up to 65,535 bytes, or more. */
export function encode({ opcode, payload = '', fin = true, rsv = 0, masked = true }: Sent): Buffer {
  const body = Buffer.from(payload as Uint8Array)
  const { length } = body
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const head = Buffer.alloc(2 + extended)
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) head.writeUInt16BE(length, 2)
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2)
  if (!masked) return Buffer.concat([head, body])
  const key = Buffer.from([0x37, 0xfa, 0x21, 0x3d])
  const hidden = body.map((byte, i) => byte ^ (key[i % 4] ?? 0))
  return Buffer.concat([head, key, hidden])
}

/** The frames of a server, and what is left. */
function decode(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (at + head > bytes.length) break
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    if (at + head + length > bytes.length) break
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(at + head, at + head + length) })
    at += head + length
  }
  return { frames, rest: bytes.subarray(at) }
}

/** A bare socket after the upgrade: sends any bytes, and shows every frame that comes. */
export async function rawFrames(port: number, path = '/connection/websocket') {
  const frames: Frame[] = []
  const socket = createConnection(port, '127.0.0.1')
  let head = ''
  let rest = Buffer.alloc(0)
  let ended = false
  socket.on('error', () => undefined)
  socket.on('close', () => (ended = true))
  socket.on('data', (chunk: Buffer) => {
    let bytes = chunk
    if (!head.includes('\r\n\r\n')) {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      bytes = Buffer.from(head.slice(head.indexOf('\r\n\r\n') + 4), 'latin1')
    }
    const decoded = decode(Buffer.concat([rest, bytes]))
    rest = Buffer.from(decoded.rest)
    frames.push(...decoded.frames)
  })
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await until(() => head.includes('\r\n\r\n'))
  return {
    frames,
    socket,
    send: (...sent: readonly Sent[]) => socket.write(Buffer.concat(sent.map(encode))),
    /** Code of the server's close frame; undefined when it has none. Waits for it. */
    async closeCode(): Promise<number | undefined> {
      await until(() => ended || frames.some(({ opcode }) => opcode === 8))
      const close = frames.find(({ opcode }) => opcode === 8)
      return close !== undefined && close.payload.length >= 2 ? close.payload.readUInt16BE(0) : undefined
    },
    [Symbol.dispose]: () => socket.destroy(),
  }
}
