import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DatabaseOptions } from '../../src/database/index.ts'
import type { AuraLikeOptions, Report } from './aura-like.ts'

export interface RunningAura {
  readonly process: ChildProcess
  readonly report: Report
  /** Log messages so far. */
  readonly messages: readonly string[]
  /** Sends a signal and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<void>
}

const program = join(import.meta.dirname, 'aura-like.ts')

/** Starts tests/support/aura-like.ts and waits for what it says about its start. */
export async function runAura(
  options: AuraLikeOptions,
  account?: { readonly uid: number; readonly gid: number },
): Promise<RunningAura> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { cwd: '/', ...account })
  const messages: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    messages.push(line.startsWith('{') ? (JSON.parse(line) as { msg: string }).msg : line)
  })
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)
  const said = once(lines, 'line').then(([line]) => JSON.parse(String(line)) as Report)
  const died = exited.then(() => new Promise((resolve) => setTimeout(resolve, 200)))
  const report = await Promise.race([said, died])
  if (report === undefined || report === null) throw new Error(`it ended without a word: ${messages.join('\n')}`)
  return {
    process: child,
    report: report as Report,
    messages,
    async end(signal) {
      child.kill(signal)
      await exited
    },
  }
}

/** The part about the database of a start that went well. */
export function databaseOf({ report }: RunningAura) {
  if (report.error !== undefined) throw new Error(report.error.message)
  if (report.database === undefined) throw new Error('it was started without a database')
  return report.database
}

/** Options for an embedded server below `dataDir`. */
export const embedded = (dataDir: string, more: Partial<DatabaseOptions> = {}): DatabaseOptions => ({
  dataDir,
  url: '',
  embeddedPort: 0,
  poolSize: 2,
  connectTimeout: 1000,
  ...more,
})
