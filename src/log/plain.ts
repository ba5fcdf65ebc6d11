import type { Config } from '../config/schema.ts'
import type { Logger } from '../lib/logger.ts'
import { asText, textLine } from './text-line.ts'

const numbers = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, silent: 99 }

/** Writes pino's lines without pino, which with the tracing it asks for is 12 MB of the 85 that exporters alone have. */
export function createPlainLogger(
  { level, format }: Config['log'],
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const text = asText(format, process.stderr.isTTY)
  const at = (name: keyof typeof numbers) => (fields: object, msg: string) => {
    if (numbers[name] < numbers[level]) return
    const json = JSON.stringify({ level: numbers[name], time: Date.now(), ...serialised(fields), msg })
    write(text ? textLine(json) : `${json}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Errors as pino writes them. */
function serialised(fields: object): object {
  if (!('err' in fields) || !(fields.err instanceof Error)) return fields
  const { name, message, stack } = fields.err
  return { ...fields, err: { type: name, message, stack } }
}
