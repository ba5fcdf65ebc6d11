import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { post, until } from './ollama.ts'
import { tinyGguf } from './tiny-gguf.ts'

/** Path of a real Ollama: AURA_TEST_OLLAMA, or `ollama` on the PATH; undefined if there is none that runs. */
export function findOllama(): string | undefined {
  const path = env['AURA_TEST_OLLAMA'] ?? 'ollama'
  return spawnSync(path, ['--version']).status === 0 ? path : undefined
}

export interface RealOllama {
  readonly url: string
  /** Installs the tiny model under a name. */
  install(name: string): Promise<void>
  /** The process dies at once. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A real Ollama on a free port of loopback, with its own empty directory, that asks nobody on the network. */
export async function startOllama(path: string): Promise<RealOllama> {
  const home = await mkdtemp(join(tmpdir(), 'aura-ollama-'))
  const port = await freePort()
  const settings = { OLLAMA_HOST: `127.0.0.1:${port}`, OLLAMA_MODELS: join(home, 'models'), OLLAMA_NO_CLOUD: '1' }
  const child = spawn(path, ['serve'], { env: { ...env, ...settings, HOME: home }, stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  const answers = (): Promise<boolean> =>
    fetch(`${url}/api/version`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(answers, 'a real Ollama answers', 20_000)

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal)
    await ended
  }

  return {
    url,
    install: (name) => install(url, name),
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function install(url: string, name: string): Promise<void> {
  const bytes = tinyGguf()
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  await fetch(`${url}/api/blobs/${digest}`, { method: 'POST', body: new Uint8Array(bytes) })
  const { text } = await post(`${url}/api/create`, { model: name, files: { 'tiny.gguf': digest } })
  if (!text.includes('"success"')) throw new Error(`the tiny model was refused: ${text}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
