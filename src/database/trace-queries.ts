import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { LogEvent } from 'kysely'

/** What is a value in a statement: strings of every kind and numbers, but no names and no parameters. */
const values =
  /"(?:[^"]|"")*"|\$\d+|\be?'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|\$(\w*)\$[^]*?\$\1\$|(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/gi

const longest = 2000

/** A statement with `?` for every value in it, on one line, at most 2,000 characters. */
export function sanitize(sql: string): string {
  const text = sql.replace(values, (found) => (/^("|\$\d+$)/.test(found) ? found : '?'))
  return text.replace(/\s+/g, ' ').trim().slice(0, longest)
}

const name = String.raw`"?[\w]+"?(?:\."?[\w]+"?)?`
const target = new RegExp(String.raw`\b(?:from|into|update)\s+(?:only\s+)?(${name})`, 'i')

/** What a statement does and to what, in few words: `SELECT aura.users`. */
export function summarize(sql: string): { readonly operation: string; readonly collection: string | undefined } {
  const operation = (/^\s*(\w+)/.exec(sql)?.[1] ?? 'query').toUpperCase()
  const collection = target.exec(sql)?.[1]?.replaceAll('"', '')
  return { operation, collection: collection?.toLowerCase() === 'select' ? undefined : collection }
}

const codeOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error && String(error.code)) || error.name : 'unknown'

/** A span for every statement of a traced request, for Kysely's `log`. Values and the server's messages stay out. */
export function traceQuery(event: LogEvent): void {
  const parent = trace.getActiveSpan()
  if (parent === undefined || !parent.isRecording()) return
  const { operation, collection } = summarize(event.query.sql)
  const end = Date.now()
  const span = trace.getTracer('aura').startSpan(collection === undefined ? operation : `${operation} ${collection}`, {
    kind: SpanKind.CLIENT,
    startTime: end - event.queryDurationMillis,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.query.text': sanitize(event.query.sql),
      ...(collection !== undefined && { 'db.collection.name': collection }),
    },
  })
  if (event.level === 'error') {
    const code = codeOf(event.error)
    span.setAttributes({ 'error.type': code, 'db.response.status_code': code })
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end(end)
}
