import { isSpanContextValid, trace } from '@opentelemetry/api'
import { pino, type Logger } from 'pino'
import type { Config } from '../config/schema.ts'
import { asText, textLine } from './text-line.ts'

function mixin(): object {
  const span = trace.getActiveSpan()?.spanContext()
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {}
}

/** The process's logger, on standard error; each line carries the trace it belongs to, if there is one. */
export function createLogger({ level, format }: Config['log']): Logger {
  const destination = asText(format, process.stderr.isTTY)
    ? { write: (json: string) => void process.stderr.write(textLine(json)) }
    : pino.destination({ dest: 2, sync: true })
  return pino({ level, mixin, base: null }, destination)
}
