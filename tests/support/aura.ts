import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A running `bin/aura.js`, with what it wrote. */
export interface AuraProcess extends AsyncDisposable {
  readonly child: ChildProcess
  /** Working directory: `.aura` is below it. */
  readonly directory: string
  /** Everything written so far, both streams. */
  output(): string
  /** Resolves with the match once the output has it; rejects with the output if the process ends or time runs out. */
  until(pattern: RegExp, ms?: number): Promise<RegExpExecArray>
  /** Sends the signal and waits for the end; the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Free ports for everything, so that tests and a real Aura on the same machine do not meet. */
const freePorts = { AURA_SERVER_PORT: '0', AURA_METRICS_PORT: '0' }
/** Whoever sits here may do everything, unless a test is about who may. */
const noAccounts = { AURA_AUTH_MODE: 'none' }

/** Starts `aura` with these arguments in a directory of its own. Only AURA_ variables given here are set. */
export function runAura(args: readonly string[], env: Record<string, string> = {}, directory?: string): AuraProcess {
  const cwd = directory ?? mkdtempSync(join(tmpdir(), 'aura-e2e-'))
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [join(root, 'bin/aura.js'), ...args], {
    cwd,
    env: { PATH, HOME, ...freePorts, ...noAccounts, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(child, 'close')
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    await ended
    return child.exitCode
  }
  return {
    child,
    directory: cwd,
    output: () => output,
    stop,
    async until(pattern, ms = 20_000) {
      const give = Date.now() + ms
      for (;;) {
        const match = pattern.exec(output)
        if (match) return match
        if (child.exitCode !== null || Date.now() > give) throw new Error(`no ${pattern} in the output:\n${output}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop()
    },
  }
}
