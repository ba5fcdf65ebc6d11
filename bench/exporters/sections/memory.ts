import { join } from 'node:path'
import { makeClient } from '../client.ts'
import { exporters, makeOurs, watching, type Contender } from '../contenders.ts'
import type { PostgresServer } from '../postgres.ts'
import { memoryOf, type Memory } from '../process-stat.ts'
import { freePort, makeProgram, sleep } from '../program.ts'
import { fixed, table } from '../../lib/table.ts'
import { valueTarget } from '../../lib/targets.ts'
import type { Section } from './section.ts'

const simulators = join(import.meta.dirname, '../../../src/demo')

/** Memory of one process with all four exporters, each scraped at its own path as Prometheus' jobs do. */
export function createMemorySection(server: PostgresServer | undefined): Section {
  return async ({ memoryScrapes }, { print, progress }) => {
    if (server === undefined) {
      print('Memory of all four exporters: skipped, PostgreSQL (postgresql) is not installed')
      return []
    }
    progress('memory: all four exporters')
    await server.growTo(6)
    const floor = await nodeFloor()
    const rows = await withAllFour(server, async (aura) => {
      const early = await scrapeAll(aura, 4 * 30)
      const late = await scrapeAll(aura, memoryScrapes)
      return { early, late }
    })
    const lines = [
      ['', 'RSS MB', 'peak MB'],
      ['a bare HTTP server on this Node, for comparison', ...cells(floor)],
      ['aura, all four, after 30 scrapes of each', ...cells(rows.early)],
      [`aura, all four, after ${memoryScrapes} more`, ...cells(rows.late)],
    ]
    print(`Memory of one process with all four exporters (simulated Ollama and nvidia-smi)\n${table(lines)}`)
    return [valueTarget('RSS, all four exporters', 85, 'MB', Math.max(rows.early.resident, rows.late.resident))]
  }
}

const cells = ({ resident, peak }: Memory): string[] => [fixed(resident, 1), fixed(peak, 1)]

async function withAllFour<T>(server: PostgresServer, use: (aura: Contender) => Promise<T>): Promise<T> {
  const port = String(await freePort())
  const ollama = makeProgram(process.execPath, [join(simulators, 'ollama/main.ts'), '--port', port])
  try {
    const env = {
      ...watching(server),
      AURA_OLLAMA_URL: `http://127.0.0.1:${port}`,
      AURA_EXPORTERS_GPU_NVIDIA_SMI: `"${process.execPath}" "${join(simulators, 'nvidia-smi.ts')}"`,
    }
    const aura = await makeOurs(exporters.join(','), '/metrics/all', { env })
    try {
      return await use(aura)
    } finally {
      await aura.stop()
    }
  } finally {
    await ollama.stop()
  }
}

/** Scrapes the pages in turn, then reads the memory. */
async function scrapeAll(aura: Contender, scrapes: number) {
  const clients = exporters.map((page) => makeClient(aura.url.replace(/all$/, page)))
  for (let i = 0; i < scrapes / exporters.length; i++) for (const client of clients) await client.scrape()
  for (const client of clients) client.close()
  await sleep(1000)
  return memoryOf(aura.pid)
}

// Asked for as aura does, without the 13 MB that an import of node:http adds.
const bare = `process.getBuiltinModule('node:http').createServer((_, response) => response.end('ok')).listen(0)`

async function nodeFloor() {
  const server = makeProgram(process.execPath, ['-e', bare])
  try {
    await sleep(1000)
    return memoryOf(server.pid)
  } finally {
    await server.stop()
  }
}
