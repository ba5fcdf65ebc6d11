import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { commandOf } from './command.ts'
import { findK6 } from './find-k6.ts'
import { readOptions, usage, UsageError, type LoadOptions, type Target } from './options.ts'
import { startOwnAura } from './own-aura.ts'

/** What the process hands in. */
export interface Edge {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether somebody watches the progress. */
  readonly terminal: boolean
}

const ignore = (): void => undefined

/** Without the variables that would change an Aura, or k6, from what the run says. */
function without(env: Edge['env'], unwanted: RegExp): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !unwanted.test(name))
  return Object.fromEntries(kept) as Record<string, string>
}

/** Runs k6 to its end; its exit code. */
async function runK6(program: string, options: LoadOptions, target: Target, { env, terminal }: Edge): Promise<number> {
  const { args, env: more } = commandOf(options, target, terminal)
  const child = spawn(program, args, { stdio: 'inherit', env: { ...without(env, /^AURA_LOAD_/), ...more } })
  const end = (): void => void child.kill('SIGTERM')
  // Ctrl-C reaches k6 by itself, which then reports what it has; Aura is stopped after it.
  process.on('SIGINT', ignore)
  process.once('SIGTERM', end)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return code ?? 1
  } finally {
    process.off('SIGINT', ignore)
    process.off('SIGTERM', end)
  }
}

async function load(options: LoadOptions, edge: Edge): Promise<number> {
  const { PATH = '', HOME = '' } = edge.env
  const found = findK6(PATH, HOME)
  if ('problem' in found) {
    console.error(found.problem)
    return 2
  }
  if (options.target !== undefined) return runK6(found.program, options, options.target, edge)
  await using own = await startOwnAura(without(edge.env, /^(AURA|OTEL)_/))
  return await runK6(found.program, options, own, edge)
}

/** `npm run load`; the exit code: k6's own, 1 if it could not begin, 2 if it was called wrongly or k6 is missing. */
export async function perform(args: readonly string[], edge: Edge): Promise<number> {
  try {
    const options = readOptions(args)
    if (options !== undefined) return await load(options, edge)
    console.log(usage)
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return error instanceof UsageError ? 2 : 1
  }
}
