import { invocation } from './options.ts'
import { serve } from './start.ts'

export const usage = `Usage: aura demo [--config FILE]

The same as \`aura start\`, with a simulated Ollama under traffic and a simulated GPU, and a data directory of its own
below the usual one. Prints how to bring faults about.`

export async function run(args: readonly string[]): Promise<number> {
  const { config } = await invocation(args)
  const { startDemo } = await import('../demo/demo.ts')
  const demo = await startDemo(config)
  Object.assign(process.env, demo.environment)
  try {
    return await serve(demo.config, demo.banner)
  } finally {
    await demo.stop()
  }
}
