import { parseArgs } from 'node:util'
import { type Loaded, loadConfig } from '../config/load.ts'

export interface Invocation extends Loaded {
  readonly positionals: readonly string[]
}

/** Parses what every command takes, and loads the configuration. Throws on unknown options and wrong values. */
export async function invocation(args: readonly string[]): Promise<Invocation> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' } },
    allowPositionals: true,
  })
  return { ...(await loadConfig(values.config, process.env)), positionals }
}

/** Resolves with the first of SIGINT and SIGTERM; a second one ends the process at once. */
export function untilSignalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(130)
      asked = true
      resolve(signal)
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
