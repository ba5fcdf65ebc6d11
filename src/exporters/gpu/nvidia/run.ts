import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { SmiError, type Output } from './fault.ts'
import { locate, parseCommand } from './program.ts'

/** Runs nvidia-smi with some arguments until `signal` aborts. Rejects with `SmiError`. */
export type Run = (args: readonly string[], signal: AbortSignal) => Promise<Output>

/** Far above the largest answer (some 75 kB per card); beyond it the program has gone mad. */
const mostOutput = 8 << 20

/**
 * Runs the real program in a process group of its own, which is killed when the signal aborts. A process that
 * survives even that (stuck in the driver) blocks further runs: there is never more than one.
 */
export function createRun(commandLine: string, path: string): Run {
  const [program = '', ...fixed] = parseCommand(commandLine)
  let alive: ChildProcess | undefined
  return async (args, signal) => {
    if (alive !== undefined) throw new SmiError('hung', 'unkillable', `process ${alive.pid} cannot be killed`)
    const file = await locate(program, path)
    if (signal.aborted) throw hung()
    const child = spawn(file, [...fixed, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    alive = child
    // Not `close`: a grandchild that left the group may hold the pipes open for ever. A program that could not be
    // started has no exit, only an error.
    for (const end of ['exit', 'error']) child.once(end, () => (alive = undefined))
    return output(child, child.stdout, child.stderr, signal)
  }
}

const hung = (): SmiError => new SmiError('hung', 'timeout', 'nvidia-smi did not answer in time and was killed')

function output(child: ChildProcess, stdout: Readable, stderr: Readable, signal: AbortSignal): Promise<Output> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  return new Promise((resolve, reject) => {
    let size = 0
    const giveUp = (error: SmiError): void => {
      kill(child)
      stdout.destroy()
      stderr.destroy()
      reject(error)
    }
    const late = (): void => giveUp(hung())
    signal.addEventListener('abort', late, { once: true })
    const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
      if ((size += chunk.length) <= mostOutput) chunks.push(chunk)
      else giveUp(new SmiError('garbage', 'unreadable_output', 'nvidia-smi prints without end and was killed'))
    }
    stdout.on('data', keep(out))
    stderr.on('data', keep(err))
    child.once('error', (error) => reject(cannotStart(error)))
    child.once('close', (code, killer) => {
      signal.removeEventListener('abort', late)
      if (code === null) reject(new SmiError('driver_error', 'killed', `nvidia-smi was ended by ${killer}`))
      else resolve({ stdout: text(out), stderr: text(err), exitCode: code })
    })
  })
}

const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8')

function cannotStart(error: Error): SmiError {
  const denied = 'code' in error && error.code === 'EACCES'
  const [state, reason] = denied
    ? (['permission', 'permission_denied'] as const)
    : (['driver_error', 'no_start'] as const)
  return new SmiError(state, reason, `nvidia-smi cannot be started: ${error.message}`)
}

/** The whole group: a wrapper script must not leave the real program behind. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
