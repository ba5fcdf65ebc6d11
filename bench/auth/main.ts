import { cpus, release, totalmem, type } from 'node:os'
import { parseArgs } from 'node:util'
import { verdicts, type Verdict } from '../exporters/targets.ts'
import { audit } from './audit.ts'
import { decision } from './decision.ts'
import { request } from './request.ts'
import type { Effort, Output, Section } from './section.ts'

/** In this order; each is loaded with its file. */
const sections: Readonly<Record<string, Section>> = { decision, audit, request }

const usage = `Usage: npm run bench:auth -- [--quick] [--only SECTION[,SECTION…]]

Measures what authorisation, the audit log and sessions cost on this machine, and prints what was promised and what was
reached. Exit code 0 also when a target is missed; 1 if it could not run.

  --quick   a tenth of the questions, writes and requests
  --only    some of: ${Object.keys(sections).join(', ')}`

const thorough: Effort = { count: 1_000_000 }
const quick: Effort = { count: 100_000 }

const output: Output = {
  print: (text) => console.log(`${text}\n`),
  progress: (text) => console.error(`… ${text}`),
}

function describeMachine(): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 1e9).toFixed(0)
  return `Machine: ${cpus().length} x ${cpu?.model.trim() ?? 'CPU'}, ${memory} GB, ${type()} ${release()}
Versions: Node ${process.versions.node}
Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) return console.log(usage)
  const wanted = values.only?.split(',') ?? Object.keys(sections)
  const odd = wanted.find((name) => !Object.hasOwn(sections, name))
  if (odd !== undefined) throw new Error(`no section is called ${odd}; there are ${Object.keys(sections).join(', ')}`)
  output.print(`Aura's authorisation, audit log and sessions\n\n${describeMachine()}`)
  const results: Verdict[] = []
  for (const name of wanted) results.push(...((await sections[name]?.(values.quick ? quick : thorough, output)) ?? []))
  output.print(verdicts(results))
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code))

try {
  await main()
} catch (error) {
  console.error(`bench:auth: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
