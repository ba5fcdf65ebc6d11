import { ConfigError } from '../errors.ts'
import type { Setting } from '../config/load.ts'
import type { Schema } from '../config/check.ts'
import { invocation } from './options.ts'

export const usage = `Usage: aura config print|check [--config FILE]

  print   every setting, its value and where it came from; secrets are hidden
  check   only say what is wrong; exit code 2 if anything is`

export async function run(args: readonly string[]): Promise<number> {
  const { settings, positionals } = await invocation(args)
  if (positionals[0] === 'print') console.log(settings.map(line).join('\n'))
  else if (positionals[0] === 'check') console.log(`configuration is right: ${settings.length} settings`)
  else throw new ConfigError(usage)
  return 0
}

function line({ leaf, value, origin }: Setting): string {
  return `${leaf.key} = ${JSON.stringify(hidden(leaf.schema, value))}  # ${origin}`
}

/** The value with every secret in it, also inside lists and maps, replaced. */
function hidden(schema: Schema, value: unknown): unknown {
  if (schema.secret) return value === '' ? '' : '(hidden)'
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => hidden(schema.items ?? {}, item))
  const member = Object.values(schema.patternProperties ?? {})[0]
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, hidden(member ?? schema.properties?.[name] ?? {}, item)]),
  )
}
