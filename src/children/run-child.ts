import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createLineSplitter } from '../lib/line-splitter.ts'

/** A program to run, with nothing inherited but what is named here. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly account?: { readonly uid: number; readonly gid: number } | undefined
  /** Sent by the kernel when Aura dies without a word, where the system can do that. */
  readonly deathSignal?: 'TERM' | 'INT'
  /** Text for its standard input. */
  readonly input?: string
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The program could not be started at all. */
  readonly error?: Error
}

export interface RunningChild {
  readonly pid: number | undefined
  /** Settles once, never rejects. */
  readonly exited: Promise<Exit>
  /** The last lines it wrote, oldest first. */
  readonly tail: readonly string[]
  kill(signal: NodeJS.Signals): void
}

const tailLines = 30
// Backends and other grandchildren may hold the pipes open after their parent's death: do not wait for them long.
const drainTime = 100

let deathSignals: string | undefined

/** Path of a `setpriv` that knows --pdeathsig (util-linux; BusyBox has another); '' if there is none. Asked once. */
function setpriv(): string {
  deathSignals ??=
    ['/usr/bin/setpriv', '/bin/setpriv'].find(
      (path) => existsSync(path) && spawnSync(path, ['--pdeathsig', 'TERM', '--', path, '--version']).status === 0,
    ) ?? ''
  return deathSignals
}

function launch(command: Command): ChildProcess {
  const wrapper = command.deathSignal === undefined ? '' : setpriv()
  const [program, args] =
    wrapper === ''
      ? [command.program, command.args]
      : [wrapper, ['--pdeathsig', command.deathSignal as string, '--', command.program, ...command.args]]
  return spawn(program, args, {
    cwd: command.cwd,
    env: command.env,
    stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A session of its own: Ctrl-C in the terminal reaches Aura alone, which ends its children in the right order.
    detached: true,
    ...(command.account && { uid: command.account.uid, gid: command.account.gid }),
  })
}

/** Starts a program and listens to its output. */
export function runChild(command: Command, onLine: (line: string) => void = () => undefined): RunningChild {
  const child = launch(command)
  const tail: string[] = []
  const splitter = (): ReturnType<typeof createLineSplitter> =>
    createLineSplitter((line) => {
      tail.push(line)
      if (tail.length > tailLines) tail.shift()
      onLine(line)
    })
  for (const stream of [child.stdout, child.stderr]) {
    const lines = splitter()
    stream?.on('data', (chunk: Buffer) => lines.push(chunk)).on('end', () => lines.end())
  }
  // A program that ends without reading its input makes the pipe fail: its exit says what was wrong.
  child.stdin?.on('error', () => undefined).end(command.input)
  return { pid: child.pid, exited: exitOf(child), tail, kill: (signal) => void child.kill(signal) }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => {
      const done = (): void => {
        clearTimeout(timer)
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve({ code, signal })
      }
      const timer = setTimeout(done, drainTime)
      child.once('close', done)
    })
  })
}

/** How it ended, in words. */
export function describeExit(exit: Exit): string {
  if (exit.error !== undefined) return `could not be started (${exit.error.message})`
  return exit.signal === null ? `ended with exit code ${exit.code}` : `ended by ${exit.signal}`
}
