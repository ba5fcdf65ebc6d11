import { median } from '../lib/statistics.ts'
import { fixed, table } from '../lib/table.ts'
import { valueTarget } from '../lib/targets.ts'
import { makeClient, sleep } from './arena.ts'
import { startServer } from './contenders.ts'
import type { Section } from './section.ts'
import type { Report } from './subscribers.ts'

const subscribers = 1000
const topic = { name: 'alert', class: 'alert' } as const
const load = { label: 'alert', from: 0, count: 1, rate: 50, bytes: 256 }

/** Everybody is cut off at once, messages go on, and everybody resumes from where it was. */
export const storm: Section = async ({ storms }, output) => {
  const server = await startServer('ours', [topic])
  const client = await makeClient(server, 'ours', topic.name)
  const rows: (string | number)[][] = [['', 'all back, ms', 'lost', 'twice']]
  const times: number[] = []
  let wrong = 0
  try {
    await client.call('open', { count: subscribers, pace: 400 })
    for (let i = 1; i <= storms; i++) {
      output.progress(`storm: cut ${i} of ${storms}`)
      await client.call('begin')
      await server.start([load])
      await sleep(1000)
      const ms = await client.call<number>('cut')
      await sleep(1000)
      const newest = await server.stop()
      await sleep(500)
      const { lost, duplicated } = await client.call<Report>('report')
      const missing = lost + (await client.call<number>('missing', newest))
      times.push(ms)
      wrong += missing + duplicated
      rows.push([`cut ${i}`, fixed(ms, 0), missing, duplicated])
    }
  } finally {
    await client.stop()
    await server.end()
  }
  const title = 'Storm: all 1,000 sockets destroyed at once, 50 messages/s go on, resume with epoch and offset'
  output.print(`${title}\n\n${table(rows)}\n\n  median ${fixed(median(times), 0)} ms`)
  return [
    valueTarget('storm, until all 1,000 are back', 5000, 'ms', Math.max(...times), 0),
    valueTarget('storm, lost or twice', 0, '', wrong, 0),
  ]
}
