import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A running exporter of the Prometheus project. */
export interface Peer extends AsyncDisposable {
  readonly pid: number
  readonly url: string
  /** One scrape, as text. */
  scrape(): Promise<string>
}

const folders = ['/usr/bin', '/usr/local/bin', '/bin', '/opt/homebrew/bin']

/** Path of a peer under one of its names; undefined if it is not installed. */
export const findPeer = (...names: string[]): string | undefined =>
  names.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((path) => existsSync(path))

const listening = /Listening on"? address=(\S+?):(\d+)/

/** Starts a peer on a free port of loopback with its default flags and these; waits until it listens. */
export async function startPeer(
  program: string | undefined,
  flags: readonly string[] = [],
  env?: Record<string, string>,
): Promise<Peer> {
  if (program === undefined) throw new Error('this peer is not installed')
  const args = ['--web.listen-address=127.0.0.1:0', ...flags]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], ...(env && { env }) })
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
  throw new Error(`${program} does not start:\n${said.join('\n')}`)
}
