import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onExit } from '../exporters/on-exit.ts'
import { pin } from './pin.ts'

/** A process of the benchmark that answers calls; `stop` ends it and waits for that. */
export interface Child {
  readonly pid: number
  call<T>(name: string, argument?: unknown): Promise<T>
  readonly stop: () => Promise<void>
}

interface Request {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

// The longest call opens 10,000 sockets.
const patience = 90_000
// As `npm start` runs Aura; the same for everybody.
const execArgv = ['--max-semi-space-size=4', '--expose-gc']

/** Starts a file of this folder as a process of its own on one core; with Bun, if that is where it is. */
export async function startChild(file: string, args: readonly string[], core: number, bun?: string): Promise<Child> {
  // Bun writes objects in a way of its own, but JSON as everybody.
  const runtime = bun === undefined ? { execArgv, serialization: 'advanced' as const } : { execArgv: [], execPath: bun }
  const child = fork(`${import.meta.dirname}/${file}`, args, runtime)
  const done = onExit(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(done)
  const { pid } = child
  if (pid === undefined) throw new Error(`${file} cannot be started`)
  const call = caller(child)
  await call('ready')
  pin(pid, core)
  return {
    pid,
    call,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function caller(child: ChildProcess): Child['call'] {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: never) => void }>()
  let next = 1
  child.on('message', ({ id, value, error }: Answer) => {
    const found = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) found?.resolve(value as never)
    else found?.reject(new Error(error) as never)
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('a process of the benchmark ended early') as never)
    waiting.clear()
  })
  return (name, argument) =>
    new Promise((resolve, reject) => {
      const id = next++
      const late = setTimeout(() => reject(new Error(`${name} took more than ${patience / 1000} s`)), patience)
      const settle = (then: (outcome: never) => void) => (outcome: never) => {
        clearTimeout(late)
        then(outcome)
      }
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      child.send({ id, name, argument } satisfies Request)
    })
}

/** In the child: answers calls until the parent is gone. */
export function answerCalls(handlers: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('disconnect', () => process.exit())
  process.on('message', (request: Request) => void answer(handlers, request))
}

async function answer(
  handlers: Readonly<Record<string, (argument: never) => unknown>>,
  { id, name, argument }: Request,
): Promise<void> {
  try {
    const value = await handlers[name]?.(argument as never)
    process.send?.({ id, value } satisfies Answer)
  } catch (error) {
    process.send?.({ id, error: String(error) } satisfies Answer)
  }
}
