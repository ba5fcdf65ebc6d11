import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const candidates = ['prometheus-postgres-exporter', 'postgres_exporter'].flatMap((name) =>
  ['/usr/bin', '/usr/local/bin', '/bin', '/opt/homebrew/bin'].map((folder) => `${folder}/${name}`),
)

/** Path of postgres_exporter on this machine, Debian's name included; undefined if it is not installed. */
export const postgresExporter = candidates.find((path) => existsSync(path))

export interface PostgresExporter extends AsyncDisposable {
  readonly pid: number
  readonly url: string
  /** One scrape, as text. */
  scrape(): Promise<string>
}

const listening = /Listening on"? address=(\S+?):(\d+)/

/** Starts postgres_exporter on a free port of loopback, with its default flags; waits until it listens. */
export async function startPostgresExporter(database: string): Promise<PostgresExporter> {
  if (postgresExporter === undefined) throw new Error('postgres_exporter is not installed')
  const child = spawn(postgresExporter, ['--web.listen-address=127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { DATA_SOURCE_NAME: `${database}?sslmode=disable` },
  })
  const exited = once(child, 'exit')
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line)
    const port = listening.exec(line)?.[2]
    if (port === undefined) continue
    child.stderr.resume()
    const url = `http://127.0.0.1:${port}/metrics`
    return {
      pid: child.pid as number,
      url,
      scrape: async () => (await fetch(url)).text(),
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL')
        await exited
      },
    }
  }
  throw new Error(`postgres_exporter does not start:\n${said.join('\n')}`)
}
