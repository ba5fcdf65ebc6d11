import { existsSync, readFileSync } from 'node:fs'
import { ConfigError } from '../errors.ts'
import { problems, type Problem, type Schema, unknownKey } from './check.ts'
import { inFileOnly, leaves, type Leaf } from './leaves.ts'
import schemaJson from './schema.json' with { type: 'json' }
import type { Config } from './schema.ts'
import { readYaml, type YamlFile } from './yaml-file.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** One effective value and where it came from: `default`, `aura.yaml line 3`, `AURA_SERVER_PORT`. */
export interface Setting {
  readonly leaf: Leaf
  readonly value: unknown
  readonly origin: string
}

export interface Loaded {
  readonly config: Config
  readonly settings: readonly Setting[]
}

// The schema is read from its generated JSON: the schema library itself would cost every process 15 MB.
const schema = schemaJson as unknown as Schema
const settable = leaves(schema)
const reserved = new Set(['AURA_CONFIG'])

/**
 * Effective configuration: defaults, then the file, then the environment.
 * Throws `ConfigError` with one line per wrong value.
 */
export async function loadConfig(file: string | undefined, env: Environment): Promise<Loaded> {
  const yaml = await openFile(file ?? env['AURA_CONFIG'])
  const wrong = [...unknownVariables(env), ...unknownKeys(yaml)]
  const settings = settable.map((leaf) => settle(leaf, yaml, env))
  for (const { leaf, value, origin } of settings) {
    wrong.push(...problems(leaf.schema, value, leaf.key).map((problem) => line(problem, origin)))
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'))
  return { config: assemble(settings), settings }
}

/** `aura.yaml` in the working directory is optional; a file that was named must exist. */
async function openFile(named: string | undefined): Promise<YamlFile | undefined> {
  const path = named ?? 'aura.yaml'
  if (!existsSync(path)) {
    if (named === undefined) return undefined
    throw new ConfigError(`configuration file ${path} does not exist`)
  }
  return readYaml(path)
}

function settle(leaf: Leaf, yaml: YamlFile | undefined, env: Environment): Setting {
  const text = env[leaf.env]
  if (text !== undefined && !inFileOnly(leaf)) return { leaf, value: fromText(leaf.schema, text), origin: leaf.env }
  const path = leaf.schema.secret ? env[`${leaf.env}_FILE`] : undefined
  if (path !== undefined) return { leaf, value: secretFrom(path, leaf), origin: `${leaf.env}_FILE (${path})` }
  const found = yaml?.get(leaf.path)
  if (found !== undefined) return { leaf, value: found.value, origin: found.origin }
  return { leaf, value: leaf.schema.default, origin: 'default' }
}

function secretFrom(path: string, leaf: Leaf): string {
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${leaf.key}: cannot read ${leaf.env}_FILE: ${cause}`, { cause: error })
  }
}

/** A variable's text as the type its key wants; what does not parse stays text, and the check names it. */
function fromText(wanted: Schema, text: string): unknown {
  if (wanted.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (wanted.type === 'integer' || wanted.type === 'number') return text.trim() === '' ? text : (asNumber(text) ?? text)
  if (wanted.type === 'array') return text === '' ? [] : text.split(',').map((item) => item.trim())
  return text
}

function asNumber(text: string): number | undefined {
  const value = Number(text)
  return Number.isNaN(value) ? undefined : value
}

function unknownVariables(env: Environment): string[] {
  const known = new Set(settable.flatMap(({ env: name, schema: s }) => (s.secret ? [name, `${name}_FILE`] : [name])))
  return Object.keys(env)
    .filter(
      (name) => name.startsWith('AURA_') && !known.has(name) && !reserved.has(name) && !name.startsWith('AURA_TEST_'),
    )
    .map((name) => `${name}: no such setting; \`aura config print\` lists them all`)
}

function unknownKeys(yaml: YamlFile | undefined): string[] {
  if (yaml === undefined) return []
  return walk(schema, yaml.content, []).map(({ problem, path }) => line(problem, yaml.get(path)?.origin ?? yaml.path))
}

/** Keys of the file that no section has. Values are checked later, per leaf. */
function walk(part: Schema, value: unknown, path: string[]): { problem: Problem; path: string[] }[] {
  if (part.type !== 'object' || part.properties === undefined || value === null || value === undefined) return []
  if (typeof value !== 'object' || Array.isArray(value)) {
    return [{ problem: { key: path.join('.') || 'the file', value, allowed: 'a mapping', secret: false }, path }]
  }
  const known = Object.keys(part.properties)
  return Object.entries(value).flatMap(([name, item]) => {
    const child = part.properties?.[name]
    const here = [...path, name]
    return child ? walk(child, item, here) : [{ problem: unknownKey(here.join('.'), item, known), path: here }]
  })
}

function line({ key, value, allowed, secret }: Problem, origin: string): string {
  const shown = secret ? '(hidden)' : value === undefined ? '(nothing)' : JSON.stringify(value)
  return `${key}: ${shown} is not allowed: ${allowed}; set by ${origin}`
}

function assemble(settings: readonly Setting[]): Config {
  const config: Record<string, unknown> = {}
  for (const { leaf, value } of settings) {
    let section = config
    for (const name of leaf.path.slice(0, -1)) section = (section[name] ??= {}) as Record<string, unknown>
    section[leaf.path.at(-1) as string] = value
  }
  return config as Config
}
