import { cpus, release, totalmem, type } from 'node:os'
import { parseArgs } from 'node:util'
import { verdicts, type Verdict } from '../exporters/targets.ts'
import { state, urgent } from './delivery.ts'
import { idle } from './idle.ts'
import type { Effort, Output, Section } from './section.ts'
import { storm } from './storm.ts'

const usage = `Usage: npm run bench:realtime -- [--quick] [--only SECTION[,SECTION…]]

Compares the live bridge with a loop of ws.send, a loop of finished frames and Socket.IO on this machine, and prints
what was promised and what was reached. Exit code 0 also when a target is missed; 1 if it could not run.

  --quick   shorter and fewer rounds, 5,000 idle sockets instead of 10,000: about two and a half minutes instead of five
  --only    some of: urgent, state, idle, storm`

const thorough: Effort = { rounds: 4, seconds: 5, idleSockets: 10_000 }
const quick: Effort = { rounds: 2, seconds: 3, idleSockets: 5000 }
const sections: Readonly<Record<string, Section>> = { urgent, state, idle, storm }

const output: Output = {
  print: (text) => console.log(`${text}\n`),
  progress: (text) => console.error(`… ${text}`),
}

function describeMachine(): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 1e9).toFixed(0)
  const placed =
    cpus().length > 1 && process.platform === 'linux' ? 'servers on core 0, clients on core 1' : 'not pinned'
  return `Machine: ${cpus().length} x ${cpu?.model.trim() ?? 'CPU'}, ${memory} GB, ${type()} ${release()}; ${placed}
Versions: Node ${process.versions.node}, ws 8.23.0, Socket.IO 4.8.4
Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) return console.log(usage)
  const wanted = values.only?.split(',') ?? Object.keys(sections)
  const odd = wanted.find((name) => sections[name] === undefined)
  if (odd !== undefined) throw new Error(`no section is called ${odd}; there are ${Object.keys(sections).join(', ')}`)
  output.print(`Aura's live bridge and its peers, side by side\n\n${describeMachine()}`)
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
  console.error(`bench:realtime: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
