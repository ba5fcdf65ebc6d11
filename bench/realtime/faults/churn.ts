import { createConnection } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { rawClient } from '../../../tests/support/raw-client.ts'
import { valueTarget } from '../../lib/targets.ts'
import { sleep } from '../arena.ts'
import { startServer } from '../contenders.ts'
import { createFrameReader, opcodes } from '../frames.ts'
import { request } from '../peer.ts'
import type { Section } from '../section.ts'
import { descriptorsOf, holds } from './stage.ts'

/** A client that connects, subscribes, and goes: every other one without a word. */
async function visit(url: string, i: number): Promise<void> {
  using raw = await rawClient(url)
  raw.send({ id: 2, subscribe: { channel: 'event' } })
  if (i % 2 === 0) raw.socket.close()
  await wait(50)
}

interface Ended {
  /** Code of the server's close frame; NaN without one. */
  readonly code: number
  /** From the upgrade to that. */
  readonly ms: number
}

/** A bare socket that upgrades and then says nothing, until it is sent away. */
function zombie(port: number): Promise<Ended> {
  const socket = createConnection(port, '127.0.0.1', () => socket.write(request('/connection/websocket')))
  let began = NaN
  let ended: Ended = { code: NaN, ms: NaN }
  const read = createFrameReader((opcode, bytes, start) => {
    if (opcode === opcodes.close) ended = { code: bytes.readUInt16BE(start), ms: performance.now() - began }
  })
  socket.on('data', (chunk: Buffer) => {
    if (!Number.isNaN(began)) return read(chunk)
    // The head of the answer comes alone: nothing follows it for five seconds.
    began = performance.now()
  })
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    socket.on('end', () => socket.destroy())
    socket.on('close', () => resolve(ended))
  })
}

/** F12: many that upgrade and say nothing, then visitors that come and go. */
export const f12: Section = async ({ zombies, churnSeconds }, { progress }) => {
  const server = await startServer('ours', [{ name: 'event', class: 'event' }])
  try {
    const before = { descriptors: descriptorsOf(server), ...(await server.books()) }
    progress(`F12: ${zombies} that upgrade and never connect`)
    const ends: Ended[] = []
    const open = Array.from({ length: zombies }, async (_, i) => {
      await wait((i / 400) * 1000)
      ends.push(await zombie(server.port))
    })
    await Promise.all(open)
    progress(`F12: 200 visitors a second for ${churnSeconds} s`)
    const url = `ws://127.0.0.1:${server.port}/connection/websocket`
    const visits: Promise<void>[] = []
    let failed = 0
    for (let i = 0; i < churnSeconds * 200; i++) {
      visits.push(visit(url, i).catch(() => void failed++))
      await wait(5)
    }
    await Promise.all(visits)
    await sleep(3000)
    const after = { descriptors: descriptorsOf(server), ...(await server.books()) }
    return [
      holds(`F12 ${zombies} closed with 3502`, 'all', ends.every(({ code }) => code === 3502)), // prettier-ignore
      valueTarget('F12 after', 5.5, 's', Math.max(...ends.map(({ ms }) => ms)) / 1000),
      holds('F12 visitors let in', 'all', failed === 0, `${visits.length - failed} of ${visits.length}`),
      valueTarget('F12 descriptors more than before', 1, '', after.descriptors - before.descriptors, 0),
      valueTarget('F12 open resources more than before', 1, '', after.resources - before.resources, 0),
    ]
  } finally {
    await server.end()
  }
}
