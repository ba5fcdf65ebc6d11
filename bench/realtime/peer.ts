import { createConnection, type Socket } from 'node:net'
import { clientFrame, createFrameReader, opcodes } from './frames.ts'

export type Dialect = 'centrifuge' | 'plain' | 'socket.io'

export interface Position {
  epoch: string
  offset: number
}

export interface PeerOptions {
  readonly port: number
  readonly dialect: Dialect
  readonly topic: string
  /** Resume from here. */
  readonly position?: Position | undefined
}

export interface PeerEvents {
  /** Subscribed; with the position and what had been missed, if resumed. */
  ready(reply?: SubscribeReply): void
  /** Published messages, as bytes that are valid during the call. */
  message(bytes: Buffer, start: number, end: number): void
  closed(): void
}

interface Numbered {
  readonly n: number
}

/** Of class stream a list, as a snapshot the values by key. */
export interface Published {
  readonly k: string
  readonly v?: Numbered | readonly Numbered[] | Readonly<Record<string, Numbered>>
}

/** As far as the benchmark reads it. */
export interface SubscribeReply {
  readonly epoch: string
  readonly offset: number
  readonly recovered?: boolean
  readonly was_recovering?: boolean
  readonly publications?: readonly { readonly offset?: number; readonly data: Published }[]
}

const paths = {
  centrifuge: '/connection/websocket?',
  plain: '/?',
  'socket.io': '/socket.io/?EIO=4&transport=websocket&',
}

// One for all sockets: what is read is dealt with before the next read.
const shared = Buffer.alloc(256 * 1024)
const answers = { centrifuge: clientFrame('{}'), 'socket.io': clientFrame('3'), open: clientFrame('40') }
const brace = '{'.charCodeAt(0)
const letter = 'p'.charCodeAt(0)
const digit = { 0: 0x30, 2: 0x32, 4: 0x34 }

/** One subscriber on a bare socket, as cheap as it can be, so that the server is what is measured. */
export function openPeer(options: PeerOptions, events: PeerEvents): Socket {
  const { port, dialect } = options
  let upgraded = false
  let head = ''
  const readFrames = createFrameReader((opcode, bytes, start, end) => {
    if (opcode === opcodes.ping) socket.write(clientFrame(bytes.subarray(start, end), opcodes.pong))
    else if (opcode === opcodes.close) socket.destroy()
    else onText(bytes, start, end)
  })
  const onText = texts[dialect](options, events, (frame) => socket.write(frame))
  function read(length: number): boolean {
    const chunk = shared.subarray(0, length)
    if (upgraded) readFrames(chunk)
    else upgrade(chunk)
    return true
  }
  function upgrade(chunk: Buffer): void {
    head += chunk.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    if (!head.startsWith('HTTP/1.1 101')) return void socket.destroy()
    upgraded = true
    if (dialect === 'centrifuge') socket.write(clientFrame(hello(options)))
    if (dialect === 'plain') events.ready()
    readFrames(Buffer.from(head.slice(end + 4), 'latin1'))
  }
  const socket = createConnection({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: { buffer: shared, callback: read },
  })
  socket.on('error', () => undefined)
  socket.on('close', () => events.closed())
  socket.on('connect', () => socket.write(request(`${paths[dialect]}topics=${options.topic}`)))
  return socket
}

/** Asks for a WebSocket. */
export const request = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

function hello({ topic, position }: PeerOptions): string {
  const subscribe = { channel: topic, ...(position !== undefined && { recover: true, ...position }) }
  return `{"id":1,"connect":{}}\n${JSON.stringify({ id: 2, subscribe })}`
}

type OnText = (bytes: Buffer, start: number, end: number) => void
type Speaker = (options: PeerOptions, events: PeerEvents, write: (frame: Buffer) => void) => OnText

const texts: Record<Dialect, Speaker> = {
  plain: (_options, events) => (bytes, start, end) => events.message(bytes, start, end),
  centrifuge: (_options, events, write) => (bytes, start, end) => {
    if (end - start === 2) return write(answers.centrifuge)
    if (bytes[start] === brace && bytes[start + 2] === letter) return events.message(bytes, start, end)
    for (const line of bytes.toString('utf8', start, end).split('\n')) {
      const { subscribe } = JSON.parse(line) as { subscribe?: SubscribeReply }
      if (subscribe !== undefined) events.ready(subscribe)
    }
  },
  'socket.io': (_options, events, write) => (bytes, start, end) => {
    const [kind, detail] = [bytes[start], bytes[start + 1]]
    if (kind === digit[2]) write(answers['socket.io'])
    else if (kind === digit[0]) write(answers.open)
    else if (kind === digit[4] && detail === digit[0]) events.ready()
    else events.message(bytes, start, end)
  },
}
