import { fixed, table } from '../lib/table.ts'
import { valueTarget } from '../lib/targets.ts'
import { makeClient, sleep } from './arena.ts'
import { labels, present, startServer } from './contenders.ts'
import type { Section } from './section.ts'
import type { ContenderName } from './servers/server.ts'

// After the last handshake: what it left behind is collected, and heartbeats have begun.
const settleSeconds = 5
// Admission lets 500 in a second.
const pace = 450

interface Idle {
  /** Bytes of each socket. */
  readonly each: number
  /** Share of one core while nothing is published. */
  readonly load: number
}

async function hold(name: ContenderName, count: number): Promise<Idle> {
  const server = await startServer(name, [{ name: 'state', class: 'state' }])
  const client = await makeClient(server, name, 'state')
  try {
    // The first few load what the others share.
    await client.call('open', { count: 100, pace: 100 })
    const before = await server.report()
    const more = await makeClient(server, name, 'state')
    try {
      await more.call('open', { count, pace })
      await sleep(settleSeconds * 1000)
      await server.begin()
      await sleep(settleSeconds * 1000)
      const after = await server.report()
      return { each: (after.rss - before.rss) / count, load: after.cpu / settleSeconds }
    } finally {
      await more.stop()
    }
  } finally {
    await client.stop()
    await server.end()
  }
}

/** Sockets that are subscribed and hear nothing but heartbeats. */
export const idle: Section = async ({ idleSockets }, output) => {
  const rows: (string | number)[][] = [['', 'sockets', 'kB each', 'CPU']]
  let ours = NaN
  for (const name of present(['ours', 'ws-send', 'socket.io', 'bun'])) {
    output.progress(`idle: ${labels[name]}, ${idleSockets} sockets`)
    const { each, load } = await hold(name, idleSockets)
    if (name === 'ours') ours = each
    rows.push([labels[name], idleSockets, fixed(each / 1000, 1), `${fixed(load * 100, 1)} %`])
  }
  output.print(`Idle sockets, subscribed to a topic of class state\n\n${table(rows)}`)
  return [valueTarget(`idle, each of ${idleSockets} sockets`, 14, 'kB', ours / 1000)]
}
