import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findK6 } from '../../load/launcher/find-k6.ts'
import type { Summary } from '../../load/lib/report.ts'
import { scratch } from '../support/scratch.ts'

const { PATH = '', HOME = '' } = process.env
const launcher = join(import.meta.dirname, '../../load/run.ts')

/** Path of k6; says on the console what is skipped without it. */
export function k6For(what: string): string | undefined {
  const found = findK6(PATH, HOME)
  if ('program' in found) return found.program
  console.warn(`skipped: ${what} (k6 2 or newer is not installed)`)
  return undefined
}

export interface Run {
  readonly code: number | null
  readonly output: string
}

/** `npm run load` to its end. */
export async function runLoad(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, [launcher, ...args], { env: { PATH, HOME, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** A run, with all figures of it. */
export async function measured(args: readonly string[]): Promise<Run & { readonly metrics: Summary['metrics'] }> {
  const file = join(scratch(), 'figures.json')
  const run = await runLoad([...args, '--summary', file])
  if (run.code !== 0 && run.code !== 99) throw new Error(`k6 ended with ${run.code}:\n${run.output}`)
  const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as Summary
  return { ...run, metrics }
}

/** Conditions that did not hold, without those on times: a machine that runs tests is busy with other things. */
export const missed = (metrics: Summary['metrics']): string[] =>
  Object.entries(metrics).flatMap(([name, { contains, thresholds = {} }]) =>
    contains === 'time' ? [] : Object.entries(thresholds).flatMap(([each, { ok }]) => (ok ? [] : [`${name} ${each}`])),
  )
