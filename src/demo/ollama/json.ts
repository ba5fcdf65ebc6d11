import { babble } from './text.ts'

type Schema = Readonly<Record<string, unknown>>

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function pick<T>(choices: readonly T[], random: () => number): T | undefined {
  return choices[Math.floor(random() * choices.length)]
}

function words(count: number, random: () => number): string {
  const text = babble(random)
  return Array.from({ length: count }, () => text.next().value).join('')
}

/** Any answer to `format: "json"`. */
export const anyObject = (random: () => number): object => ({
  answer: words(6, random),
  score: Math.round(random() * 100) / 100,
})

/** A value that fits a JSON schema, as far as it uses types, properties, items, enum, const, anyOf and bounds. */
export function valueOf(schema: unknown, random: () => number): unknown {
  if (!isSchema(schema)) return null
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return pick(schema['enum'], random)
  const either = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(either)) return valueOf(pick(either, random), random)
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  switch (type) {
    case 'object':
      return objectOf(schema, random)
    case 'array':
      return arrayOf(schema, random)
    case 'string':
      return words(3 + Math.floor(random() * 8), random)
    case 'integer':
      return Math.round(numberOf(schema, random))
    case 'number':
      return Math.round(numberOf(schema, random) * 100) / 100
    case 'boolean':
      return random() < 0.5
    default:
      return 'properties' in schema ? objectOf(schema, random) : null
  }
}

function objectOf(schema: Schema, random: () => number): object {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  return Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, valueOf(one, random)]))
}

function arrayOf(schema: Schema, random: () => number): unknown[] {
  const least = Number(schema['minItems'] ?? 1)
  const most = Math.max(least, Math.min(Number(schema['maxItems'] ?? least + 2), least + 2))
  const length = least + Math.floor(random() * (most - least + 1))
  return Array.from({ length }, () => valueOf(schema['items'], random))
}

function numberOf(schema: Schema, random: () => number): number {
  const least = Number(schema['minimum'] ?? 0)
  const most = Number(schema['maximum'] ?? least + 100)
  return least + random() * (most - least)
}
