import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as it arrived. */
export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** '' for the first of a trace. */
  readonly parentSpanId: string
  readonly name: string
  /** 2 is SERVER, 3 is CLIENT. */
  readonly kind: number
  /** ms */
  readonly start: number
  readonly end: number
  readonly attributes: Readonly<Record<string, string | number>>
  readonly links: readonly string[]
  /** 2 is an error. */
  readonly status: number
  readonly service: string
}

type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>

/** Protobuf as far as OTLP needs it: numbers stay numbers, everything else stays bytes. */
function fields(bytes: Buffer): Fields {
  const found = new Map<number, (Buffer | bigint)[]>()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('cut short')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const values = found.get(tag >> 3) ?? []
    found.set(tag >> 3, values)
    const wire = tag & 7
    if (wire === 0) values.push(varint())
    else if (wire === 1 || wire === 5) {
      const size = wire === 1 ? 8 : 4
      values.push(bytes.subarray(at, (at += size)))
    } else {
      const size = Number(varint())
      values.push(bytes.subarray(at, (at += size)))
    }
  }
  return found
}

const all = (from: Fields, field: number): Buffer[] =>
  (from.get(field) ?? []).filter((value): value is Buffer => typeof value !== 'bigint')
const first = (from: Fields, field: number): Buffer => all(from, field)[0] ?? Buffer.alloc(0)
const number = (from: Fields, field: number): number => Number(from.get(field)?.[0] ?? 0)
const hex = (from: Fields, field: number): string => first(from, field).toString('hex')
const time = (from: Fields, field: number): number => Number(first(from, field).readBigUInt64LE()) / 1e6

function attributesOf(from: Fields, field: number): Record<string, string | number> {
  return Object.fromEntries(
    all(from, field).map((bytes) => {
      const pair = fields(bytes)
      const value = fields(first(pair, 2))
      const text = value.has(1)
        ? first(value, 1).toString()
        : value.has(4)
          ? first(value, 4).readDoubleLE()
          : number(value, 3)
      return [first(pair, 1).toString(), text]
    }),
  )
}

function spanOf(bytes: Buffer, service: string): Span {
  const span = fields(bytes)
  return {
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentSpanId: hex(span, 4),
    name: first(span, 5).toString(),
    kind: number(span, 6),
    start: time(span, 7),
    end: time(span, 8),
    attributes: attributesOf(span, 9),
    links: all(span, 13).map((link) => hex(fields(link), 1)),
    status: number(fields(first(span, 15)), 3),
    service,
  }
}

/** The spans of an `ExportTraceServiceRequest`. */
function readSpans(body: Buffer): Span[] {
  return all(fields(body), 1).flatMap((resourceSpans) => {
    const of = fields(resourceSpans)
    const service = String(attributesOf(fields(first(of, 1)), 1)['service.name'] ?? '')
    return all(of, 2).flatMap((scope) => all(fields(scope), 2).map((span) => spanOf(span, service)))
  })
}

/** An OTLP/HTTP receiver that keeps what it gets. */
export async function otlpReceiver(port = 0) {
  const spans: Span[] = []
  const paths: string[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      paths.push(request.url ?? '')
      if (request.url === '/v1/traces') spans.push(...readSpans(Buffer.concat(parts)))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
  }
  return { url, spans, paths, [Symbol.asyncDispose]: close }
}
