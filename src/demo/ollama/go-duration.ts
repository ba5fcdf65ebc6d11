import { badRequest } from './failure.ts'

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}
const part = /(\d+(?:\.\d*)?|\.\d+)([a-zµ]*)/y

/** Go's time.ParseDuration in ms. Throws what Ollama answers to anything else. */
export function parseGoDuration(text: string): number {
  const invalid = badRequest(`time: invalid duration ${JSON.stringify(text)}`)
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[+-]/, '')
  if (digits === '0') return 0
  if (digits === '') throw invalid
  let total = 0
  part.lastIndex = 0
  while (part.lastIndex < digits.length) {
    const [, amount, unit = ''] = part.exec(digits) ?? []
    if (amount === undefined) throw invalid
    if (unit === '') throw badRequest(`time: missing unit in duration ${JSON.stringify(text)}`)
    const factor = units[unit]
    if (factor === undefined)
      throw badRequest(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`)
    total += Number(amount) * factor
  }
  return sign * total
}

/** `keep_alive` in ms: seconds or a duration; anything negative pins (Infinity); undefined if not given. */
export function parseKeepAlive(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') throw badRequest(`Unsupported type: '${typeof value}'`)
  const ms = typeof value === 'number' ? value * 1000 : parseGoDuration(value)
  return ms < 0 ? Infinity : ms
}
