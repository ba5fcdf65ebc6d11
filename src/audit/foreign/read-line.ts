import { isUtf8 } from 'node:buffer'
import type { ForeignSource } from './config.ts'
import type { RawLine } from './cut-lines.ts'

/** A line as it is kept. */
export interface ForeignLine {
  readonly line: string
  readonly raw: Buffer | null
  readonly bad: boolean
  readonly at: Date | null
  readonly actor: string | null
  readonly action: string | null
  readonly object: string | null
}

type Fields = Pick<ForeignSource, 'time' | 'actor' | 'action' | 'object'>
type Told = Pick<ForeignLine, 'at' | 'actor' | 'action' | 'object'>

const nothing: Told = { at: null, actor: null, action: null, object: null }
/** Deeper objects could not be written out again. */
const deepest = 100
const longestField = 300
const farFuture = Date.UTC(9999, 0)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function tooDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some((one) => tooDeep(one, left - 1))
}

/** The object of a line; undefined if it is none. */
export function parseEntry(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) && !tooDeep(value, deepest) ? value : undefined
  } catch {
    return undefined
  }
}

/** PostgreSQL keeps no NUL in text, and a lone surrogate is no UTF-8. */
const keepable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

function find(entry: Readonly<Record<string, unknown>>, path: string | undefined): unknown {
  if (path === undefined) return undefined
  if (Object.hasOwn(entry, path)) return entry[path]
  let value: unknown = entry
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

function said(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const told = typeof value === 'string' ? value : JSON.stringify(value)
  return keepable(told.slice(0, longestField))
}

/** Numbers below this are seconds: as milliseconds they would be in 1973. */
const seconds = 1e11

function time(value: unknown): Date | null {
  const ms =
    typeof value === 'number'
      ? value < seconds
        ? value * 1000
        : value
      : Date.parse(typeof value === 'string' ? value : '')
  return ms >= 0 && ms < farFuture ? new Date(ms) : null
}

const bom = Buffer.from([0xef, 0xbb, 0xbf])

/** A line for the database; undefined if there is nothing on it. Whatever is no JSON object is kept as it is. */
export function readLine({ bytes, cut }: RawLine, fields: Fields): ForeignLine | undefined {
  const plain = bytes.subarray(0, 3).equals(bom) ? bytes.subarray(3) : bytes
  const told = plain.toString('utf8').trimEnd()
  if (told.trim() === '') return undefined
  const entry = cut || !isUtf8(plain) ? undefined : parseEntry(told)
  const line = keepable(told)
  if (entry === undefined) {
    const exact = isUtf8(bytes) && line === told
    return { line, raw: exact ? null : Buffer.from(bytes), bad: true, ...nothing }
  }
  const { time: when, actor, action, object } = fields
  return {
    line,
    raw: null,
    bad: false,
    at: time(find(entry, when)),
    actor: said(find(entry, actor)),
    action: said(find(entry, action)),
    object: said(find(entry, object)),
  }
}
