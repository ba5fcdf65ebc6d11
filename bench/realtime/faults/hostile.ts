import { rawClient } from '../../../tests/support/raw-client.ts'
import { encode, rawFrames } from '../../../tests/support/raw-frames.ts'
import { valueTarget } from '../../lib/targets.ts'
import { measure, sleep } from '../arena.ts'
import { broadcast } from '../broadcast.ts'
import { latencies } from '../compete.ts'
import { startServer, type RunningServer } from '../contenders.ts'
import type { Section } from '../section.ts'
import { holds, rssOf, unharmed, withArena } from './stage.ts'

const topics = [{ name: 'alert', class: 'alert' }] as const
const address = ({ port }: RunningServer): string => `ws://127.0.0.1:${port}/connection/websocket`

async function withServer<T>(use: (server: RunningServer) => Promise<T>): Promise<T> {
  const server = await startServer('ours', topics)
  try {
    return await use(server)
  } finally {
    await server.end()
  }
}

interface Flooded {
  readonly code: number
  readonly told: boolean
  readonly ms: number
}

/** 10,000 commands a second on one connection, until it is closed. */
async function flood(server: RunningServer): Promise<Flooded> {
  using raw = await rawClient(address(server))
  const began = performance.now()
  for (let id = 2; raw.socket.readyState === raw.socket.OPEN && performance.now() - began < 10_000; id += 100) {
    raw.send(Array.from({ length: 100 }, (_, i) => `{"id":${id + i},"rpc":{"method":"rt","data":{"t0":1}}}`).join('\n'))
    await sleep(10)
  }
  raw.socket.terminate()
  const { code } = await raw.closed
  const told = raw.replies.some(({ error }) => (error as { code?: number } | undefined)?.code === 111)
  return { code, told, ms: performance.now() - began }
}

/** F3: 10 clients flood with commands beside 1,000 that listen. */
export const f3: Section = (effort, { progress }) => {
  const workload = broadcast('alert', 50, [])
  return withArena(workload, async (arena) => {
    const before = await measure(arena, workload, effort)
    progress('F3: 10 clients send 10,000 commands a second each')
    let floods: Flooded[] = []
    const during = await measure(arena, workload, effort, async () => {
      const rest = sleep(effort.seconds * 1000)
      floods = await Promise.all(Array.from({ length: 10 }, () => flood(arena.server)))
      await rest
    })
    return [
      holds(
        'F3 told 111, then closed with 3013',
        'all 10',
        floods.every(({ code, told }) => told && code === 3013),
      ),
      valueTarget('F3 closed', 2, 's', Math.max(...floods.map(({ ms }) => ms)) / 1000),
      unharmed('F3 alert p99 of the others', 10, latencies([before])(0.99), latencies([during])(0.99)),
      valueTarget('F3 event loop p99', 20, 'ms', during.delay ?? NaN),
    ]
  })
}

/** The header of a masked text of so many bytes. */
function header(length: bigint): Buffer {
  const head = Buffer.alloc(14)
  head[0] = 0x81
  head[1] = 0xff
  head.writeBigUInt64BE(length, 2)
  return head
}

const mebibyte = 1024 * 1024
const tooLarge: readonly (readonly [string, Buffer])[] = [
  ['1 MiB + 1 byte', encode({ opcode: 1, payload: Buffer.alloc(mebibyte + 1, 120) })],
  ['20 MB', encode({ opcode: 1, payload: Buffer.alloc(20_000_000, 120) })],
  ['2^40 bytes declared', Buffer.concat([header(2n ** 40n), Buffer.alloc(65_536, 120)])],
]

async function sendTooLarge({ port }: RunningServer): Promise<(number | undefined)[]> {
  const codes: (number | undefined)[] = []
  for (const [, bytes] of tooLarge) {
    using raw = await rawFrames(port)
    raw.socket.write(bytes)
    codes.push(await raw.closeCode())
  }
  return codes
}

/** F4: more than is allowed, sent and declared. */
export const f4: Section = (_effort, { progress }) =>
  withServer(async (server) => {
    progress('F4: messages that are too large')
    // The first ones load what the others share.
    for (let i = 0; i < 20; i++) await sendTooLarge(server)
    const rss = rssOf(server)
    const codes: (number | undefined)[][] = []
    for (let i = 0; i < 20; i++) codes.push(await sendTooLarge(server))
    return [
      ...tooLarge.map(([what], k) => holds(`F4 ${what}`, '1009', codes.every((each) => each[k] === 1009))), // prettier-ignore
      valueTarget('F4 memory grown after 60 of them', 2, 'MB', rssOf(server) - rss),
    ]
  })

/** F6, its last part: a message in a million parts. */
export const fragments: Section = (_effort, { progress }) =>
  withServer(async (server) => {
    progress('F6: a flood of fragments')
    const { heap } = await server.books()
    using raw = await rawFrames(server.port)
    const part = encode({ opcode: 0, fin: false, payload: 'x' })
    raw.send({ opcode: 1, fin: false, payload: 'x' })
    let sent = 1
    const hundred = Buffer.concat(Array.from({ length: 100 }, () => part))
    while (sent < 1_000_000 && !raw.socket.destroyed && !raw.frames.some(({ opcode }) => opcode === 8)) {
      raw.socket.write(hundred)
      sent += 100
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const code = await raw.closeCode()
    const grown = ((await server.books()).heap - heap) / 1e6
    return [
      holds(
        'F6 a message in 1,000,000 parts is cut off',
        '< 7,000 parts',
        sent < 7000,
        `${sent}, ${code ?? 'no code'}`,
      ),
      valueTarget('F6 heap grown', 1, 'MB', grown),
    ]
  })
