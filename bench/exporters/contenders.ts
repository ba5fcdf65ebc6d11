import { join } from 'node:path'
import type { OutgoingHttpHeaders } from 'node:http'
import { makeClient, type Client } from './client.ts'
import { sizeOf, textOf, type PageSize } from './page.ts'
import type { PostgresServer } from './postgres.ts'
import { findProgram, freePort, makeProgram, sleep, type Program } from './program.ts'

/** A running exporter and one of its pages. */
export interface Contender {
  readonly name: string
  readonly pid: number
  readonly url: string
  /** From starting the program to the last byte of the first page, ms. */
  readonly firstPage: number
  readonly firstPageSize: PageSize
  client(headers?: OutgoingHttpHeaders): Client
  stop(): Promise<void>
}

const aura = join(import.meta.dirname, '../../bin/aura.js')
/** All that `aura exporter` can run. */
export const exporters = ['host', 'gpu', 'postgres', 'ollama']

const loopback = '127.0.0.1'

export interface OursOptions {
  /** Address to listen on. */
  readonly host?: string
  readonly env?: Record<string, string>
  /** What must be on the first page for it to count as complete. */
  readonly complete?: RegExp
}

/** `aura exporter` with these exporters, ready to be scraped at `path`. The caller must stop it. */
export async function makeOurs(names: string, path: string, options: OursOptions = {}): Promise<Contender> {
  const { host = loopback, env = {}, complete = /^/ } = options
  const port = await freePort(host)
  const settings = { AURA_METRICS_HOST: host, AURA_METRICS_PORT: String(port), AURA_LOG_LEVEL: 'warn', ...env }
  const program = makeProgram(process.execPath, [aura, 'exporter', names], { env: settings })
  return ready('aura', program, `http://${host}:${port}${path}`, complete)
}

/** What `aura exporter` needs to watch that server. */
export const watching = (server: PostgresServer): Record<string, string> => ({ AURA_DATABASE_URL: server.url })

export const nodeExporter = findProgram('prometheus-node-exporter', 'node_exporter')
export const postgresExporter = findProgram('prometheus-postgres-exporter', 'postgres_exporter')

/** The application_name of each side's sessions. */
export const applications = { ours: 'aura', theirs: 'postgres_exporter' } as const

/** node_exporter with its default flags. The caller must stop it. */
export async function makeNodeExporter(path: string, host = loopback): Promise<Contender> {
  const port = await freePort(host)
  const program = makeProgram(path, [`--web.listen-address=${host}:${port}`, '--log.level=error'])
  return ready('node_exporter', program, `http://${host}:${port}/metrics`)
}

/** postgres_exporter with its default flags. The caller must stop it. */
export async function makePostgresExporter(path: string, server: PostgresServer, host = loopback): Promise<Contender> {
  const port = await freePort(host)
  const source = `${server.url}?sslmode=disable&application_name=${applications.theirs}`
  const flags = [`--web.listen-address=${host}:${port}`, '--log.level=error']
  const program = makeProgram(path, flags, { env: { DATA_SOURCE_NAME: source } })
  return ready('postgres_exporter', program, `http://${host}:${port}/metrics`)
}

const patience = 30_000

/** Asks again and again until the page comes and is complete. */
async function ready(name: string, program: Program, url: string, complete = /^/): Promise<Contender> {
  const client = makeClient(url)
  try {
    for (;;) {
      const page = await client.scrape().catch(() => undefined)
      const firstPage = performance.now() - program.startedAt
      if (page && complete.test(textOf(page))) {
        const running = { name, pid: program.pid, url, firstPage, firstPageSize: sizeOf(page) }
        return { ...running, client: (headers) => makeClient(url, headers), stop: () => program.stop() }
      }
      const words = await Promise.race([program.ended, sleep(2)])
      if (words !== undefined) throw new Error(`${name} does not start: ${words}`)
      if (firstPage > patience) throw new Error(`${name}: no complete page at ${url} within ${patience / 1000} s`)
    }
  } catch (error) {
    await program.stop()
    throw error
  } finally {
    client.close()
  }
}
