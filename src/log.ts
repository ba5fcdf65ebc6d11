import { trace } from '@opentelemetry/api'
import { pino, type Logger } from 'pino'
import type { Config } from './config/schema.ts'

const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
const shownElsewhere = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err'])

/** One log line for people: time, level, message, the cause of an error, then the other fields. */
export function textLine(json: string): string {
  const line = JSON.parse(json)
  const fields = Object.entries(line).filter(([key]) => !shownElsewhere.has(key))
  const rest = fields.map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const cause = line.err?.message ? `: ${line.err.message}` : ''
  const time = new Date(line.time).toTimeString().slice(0, 8)
  return `${time} ${(levels[line.level] ?? '').padEnd(5)} ${line.msg ?? ''}${cause}${rest.join('')}\n`
}

function mixin(): object {
  const span = trace.getActiveSpan()?.spanContext()
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {}
}

/** The process's logger, on standard error; each line carries the trace it belongs to, if there is one. */
export function createLogger({ level, format }: Config['log']): Logger {
  const text = format === 'text' || (format === 'auto' && process.stderr.isTTY)
  const destination = text
    ? { write: (json: string) => void process.stderr.write(textLine(json)) }
    : pino.destination({ dest: 2, sync: true })
  return pino({ level, mixin, base: null }, destination)
}
