import type { Json } from './types.ts'

/**
 * RFC 8785: keys sorted by UTF-16 units, no spaces. Throws on a number that is no safe integer, since programs write
 * fractions in different ways.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new TypeError(`${value} cannot be in the audit log: only whole numbers can`)
  }
  if (Array.isArray(value)) return `[${value.map((one: Json) => canonicalJson(one)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value as Readonly<Record<string, Json>>)
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`
}
