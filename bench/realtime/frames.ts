/** What a minimal WebSocket client must know of RFC 6455. */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

/** A finished frame of a client. The mask is zero, which is legal and costs nothing. Up to 65,535 bytes. */
export function clientFrame(payload: string | Uint8Array, opcode: number = opcodes.text): Buffer {
  const body = Buffer.from(payload)
  const long = body.length > 125
  const head = Buffer.alloc(long ? 8 : 6)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (long ? 126 : body.length)
  if (long) head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}

export type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void

/** Cuts what a server sends into frames. Payloads are handed out in place: they are valid during the call only. */
export function createFrameReader(onFrame: OnFrame): (chunk: Buffer) => void {
  let rest: Buffer | undefined
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (;;) {
      const start = at + headerLength(bytes, at)
      const end = start + payloadLength(bytes, at)
      if (!(end <= bytes.length)) break
      onFrame((bytes[at] ?? 0) & 0x0f, bytes, start, end)
      at = end
    }
    // The chunk's memory is used again for the next one.
    rest = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at))
  }
}

function headerLength(bytes: Buffer, at: number): number {
  const length = bytes[at + 1]
  return length === undefined ? NaN : length < 126 ? 2 : length === 126 ? 4 : 10
}

/** NaN while the header is not there. */
function payloadLength(bytes: Buffer, at: number): number {
  const length = bytes[at + 1] ?? NaN
  if (length < 126) return length
  if (!(at + headerLength(bytes, at) <= bytes.length)) return NaN
  return length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
}
