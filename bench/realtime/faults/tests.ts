import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../../lib/targets.ts'
import { scratch } from '../native.ts'
import type { Section } from '../section.ts'

const root = join(import.meta.dirname, '../../..')

interface Results {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

function runTests(files: readonly string[], only: string | undefined): Results | undefined {
  const report = join(scratch(), 'tests.json')
  const command = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'tests/vitest.config.ts']
  const named = only === undefined ? [] : ['-t', only]
  spawnSync(process.execPath, [...command, '--reporter=json', `--outputFile=${report}`, ...named, ...files], {
    cwd: root,
    stdio: 'ignore',
  })
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Results
  } catch {
    return undefined
  } finally {
    rmSync(report, { force: true })
  }
}

const failures = (results: Results | undefined): readonly string[] =>
  (results?.testResults ?? [])
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName)

/** What does not grow with the number of clients: the repository's own tests of it say whether it holds. */
export const byTests =
  (what: string, files: readonly string[], only?: string): Section =>
  async (_effort, { print, progress }) => {
    progress(`${what}: ${files.join(' ')}`)
    const results = runTests(files, only)
    const [passed, failed] = [results?.numPassedTests ?? 0, results?.numFailedTests ?? 0]
    for (const name of failures(results)) print(`${what}\n\n  failed: ${name}`)
    const verdict: Verdict = {
      what,
      target: 'every test',
      reached: results === undefined ? 'did not run' : `${passed} of ${passed + failed}`,
      met: passed > 0 && failed === 0,
    }
    return [verdict]
  }

/** One after the other. */
export const both =
  (...sections: readonly Section[]): Section =>
  async (effort, output) => {
    const all: Verdict[] = []
    for (const section of sections) all.push(...(await section(effort, output)))
    return all
  }
