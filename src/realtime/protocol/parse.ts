import { fields, wellFormed, type CommandName } from './fields.ts'
import { nestsDeeper } from './nesting.ts'

/** Fields of a command, checked by `wellFormed`. */
export interface Params {
  readonly channel?: string
  readonly token?: string
  readonly recover?: boolean
  readonly epoch?: string
  readonly offset?: number
  readonly since?: { readonly offset?: unknown; readonly epoch?: unknown }
  readonly limit?: number
  readonly reverse?: boolean
  readonly method?: string
  readonly data?: unknown
}

/** `pong`: the answer to a ping. `refused`: error 107 for that id. `broken`: nothing to answer to, code 3501. */
export type Command =
  | { readonly name: CommandName; readonly id: number; readonly params: Params }
  | { readonly name: 'pong' }
  | { readonly name: 'refused'; readonly id: number }
  | { readonly name: 'broken' }

const deepest = 32
const broken: Command = { name: 'broken' }
const pong: Command = { name: 'pong' }

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parseJson(text: string): unknown {
  if (nestsDeeper(text, deepest)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One line of what a client sent. */
export function parseCommand(line: string): Command {
  const value = parseJson(line)
  if (!isObject(value)) return broken
  const keys = Object.keys(value)
  if (keys.length === 0) return pong
  const { id } = value
  const names = keys.filter((key) => key !== 'id')
  const [name] = names
  // A message without an id expects no reply, so there is no way to refuse it but to close.
  if (!Number.isSafeInteger(id) || (id as number) <= 0) return name === 'send' ? pong : broken
  const refused: Command = { name: 'refused', id: id as number }
  if (name === undefined || names.length > 1 || !Object.hasOwn(fields, name)) return refused
  const params = value[name]
  if (!isObject(params) || !wellFormed(name as CommandName, params)) return refused
  return { name: name as CommandName, id: id as number, params }
}

/** The commands of a frame, or undefined when it has too many. Empty lines are nothing. */
export function parseCommands(text: string, most: number): Command[] | undefined {
  const lines = text.includes('\n') ? text.split('\n').filter((line) => line.trim() !== '') : [text]
  return lines.length > most ? undefined : lines.map(parseCommand)
}
