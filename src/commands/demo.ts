import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { ConfigError } from '../errors.ts'
import type { FaultName } from '../demo/faults/index.ts'
import { serve } from './start.ts'

export const usage = `Usage: aura demo [--fault NAME[,NAME]] [--for 60s] [--alone] [--config FILE]
       aura demo fault NAME[,NAME] [--for 60s]
       aura demo end NAME[,NAME] | all
       aura demo faults

The same as \`aura start\`, with a simulated Ollama and GPU, visitors and work in PostgreSQL that come in waves, and a
data directory of its own below the usual one.

  fault      begins faults in the demo that runs; for five minutes unless said, an hour at most
  end        ends them
  faults     what faults there are, and which alerts and panels tell of them
  --fault    begins with them
  --alone    models are asked, but there are no visitors and no work in PostgreSQL
  --faults   the same list, without a demo`

const options = {
  config: { type: 'string' },
  fault: { type: 'string' },
  for: { type: 'string' },
  faults: { type: 'boolean', default: false },
  alone: { type: 'boolean', default: false },
} as const

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const { parseNames, parseTime, listFaults } = await import('../demo/control/lines.ts')
  if (values.faults) return say(listFaults())
  const { config } = await loadConfig(values.config, process.env)
  if (positionals.length > 0) return order(config, positionals, values.for)
  const named = refused(() => (values.fault === undefined ? [] : parseNames(values.fault)))
  const time = refused(() => (values.for === undefined ? undefined : parseTime(values.for)))
  return play(config, { faults: named, time, alone: values.alone })
}

function say(text: string): number {
  console.log(text)
  return 0
}

/** What is wrong with an argument is wrong usage. */
function refused<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

/** Tells the demonstration that runs. */
async function order(config: Config, words: readonly string[], time: string | undefined): Promise<number> {
  const { sendLine } = await import('../demo/control/socket.ts')
  const { demoDirectory } = await import('../demo/demo.ts')
  const line = [...words, ...(time === undefined ? [] : ['for', time])].join(' ')
  return say(await sendLine(demoDirectory(config), line))
}

interface Wish {
  readonly faults: readonly FaultName[]
  readonly time: number | undefined
  readonly alone: boolean
}

async function play(config: Config, wish: Wish): Promise<number> {
  const { startDemo } = await import('../demo/demo.ts')
  const demo = await startDemo(config)
  Object.assign(process.env, demo.environment)
  try {
    return await serve(demo.config, demo.banner, async ({ consoleUrl }) => {
      const invite = async () => (await import('./demo-visitor.ts')).inviteVisitor(demo.config)
      const playing = await demo.begin({ ...wish, consoleUrl, invite, input: process.stdin, say })
      return () => playing.end()
    })
  } finally {
    await demo.stop()
  }
}
