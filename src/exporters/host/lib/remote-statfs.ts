import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'

/** Size of a file system: bytes, and nodes (files). */
export interface Space {
  readonly size: number
  readonly free: number
  /** What users other than root may still fill. */
  readonly available: number
  readonly files: number
  readonly filesFree: number
}

/** `<block size> <blocks> <free> <available> <files> <files free>` -> bytes. */
export function parseStat(text: string): Space | undefined {
  const numbers = text.trim().split(' ').map(Number)
  if (text.trim() === '' || numbers.length !== 6 || numbers.some((value) => Number.isNaN(value))) return undefined
  const [block = 0, blocks = 0, free = 0, available = 0, files = 0, filesFree = 0] = numbers
  return { size: blocks * block, free: free * block, available: available * block, files, filesFree }
}

export interface RemoteStatfs {
  /** Size of what is mounted there; undefined if it fails, or does not answer in time. Never rejects, never blocks. */
  ask(path: string, signal: AbortSignal): Promise<Space | undefined>
  /** Ends the children of mounts other than these. */
  keepOnly(paths: ReadonlySet<string>): void
  /** Ends all children. */
  stop(): void
}

export interface RemoteStatfsOptions {
  /** Milliseconds a scrape waits for an answer. */
  readonly timeout: number
  /** A program that understands `stat -f -c <format> -- <path>`, as coreutils and busybox do. */
  readonly program?: string
  /** Milliseconds a scrape waits for a mount that was stuck before: just enough to see that it has recovered. */
  readonly grace?: number
  /** Milliseconds that the first child may hang before it is killed; doubles with each one, up to 64-fold. */
  readonly patience?: number
}

interface Child {
  readonly process: ChildProcess
  readonly answer: Promise<Space | undefined>
  readonly killer: NodeJS.Timeout
}

interface Asked {
  child?: Child
  stuck: boolean
  patience: number
}

const format = '%S %b %f %a %c %d'
const maximumDoubling = 64

/**
 * Asks for the size of mounts that may hang (network, FUSE) in a child each, since a statfs that hangs would block this
 * process or one of its few I/O threads for good. Each mount has at most one child: a hung one stays as the probe that
 * tells when the mount answers again, until it is killed and a more patient one follows. A child that not even SIGKILL ends
 * (uninterruptible sleep in the kernel) keeps its place, so children never add up.
 */
export function createRemoteStatfs(options: RemoteStatfsOptions): RemoteStatfs {
  const { timeout, program = 'stat', grace = 100, patience = Math.max(10_000, 2 * timeout) } = options
  const mounts = new Map<string, Asked>()

  function start(path: string, asked: Asked): Child {
    const process = spawn(program, ['-f', '-c', format, '--', path], { stdio: ['ignore', 'pipe', 'ignore'] })
    process.unref()
    if (process.stdout instanceof Socket) process.stdout.unref()
    const killer = setTimeout(() => {
      asked.patience = Math.min(asked.patience * 2, patience * maximumDoubling)
      process.kill('SIGKILL')
    }, asked.patience)
    killer.unref()
    const answer = finished(process).then((space) => {
      clearTimeout(killer)
      delete asked.child
      if (space !== undefined) Object.assign(asked, { stuck: false, patience })
      return space
    })
    return { process, answer, killer }
  }

  function end({ child }: Asked): void {
    if (child === undefined) return
    clearTimeout(child.killer)
    child.process.kill('SIGKILL')
  }

  return {
    async ask(path, signal) {
      let asked = mounts.get(path)
      if (asked === undefined) mounts.set(path, (asked = { stuck: false, patience }))
      if (asked.stuck && asked.child !== undefined) return undefined
      asked.child ??= start(path, asked)
      const answer = await within(asked.child.answer, asked.stuck ? grace : timeout, signal)
      if (answer === late) asked.stuck = true
      return answer === late ? undefined : answer
    },
    keepOnly(paths) {
      for (const [path, asked] of mounts) {
        if (paths.has(path)) continue
        end(asked)
        if (asked.child === undefined) mounts.delete(path)
      }
    },
    stop() {
      for (const asked of mounts.values()) end(asked)
    },
  }
}

/** What a child printed, once it has ended well; undefined if it ended otherwise or could not be started. */
function finished(process: ChildProcess): Promise<Space | undefined> {
  return new Promise((resolve) => {
    let printed = ''
    process.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
    process.on('error', () => resolve(undefined))
    process.on('close', (code) => resolve(code === 0 ? parseStat(printed) : undefined))
  })
}

const late = Symbol('late')

/** The answer, or `late` after so many milliseconds or when the scrape is given up. */
function within<T>(answer: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T | typeof late> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(late)
    const timer = setTimeout(giveUp, milliseconds)
    signal.addEventListener('abort', giveUp, { once: true })
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    })
  })
}
