import type { AuditRow } from './types.ts'

const columns = [
  'seq',
  'ts',
  'actor',
  'actor_session',
  'on_behalf_of',
  'ip',
  'action',
  'object',
  'scope',
  'decision',
  'rule',
  'before',
  'after',
  'request_id',
  'prev_hash',
  'hash',
] as const

type Flat = Readonly<Record<(typeof columns)[number], unknown>>

/** A row under the names that were hashed; `ip` is the address, where it was not erased. */
const flat = (row: AuditRow): Flat => ({
  seq: row.seq,
  ts: new Date(row.ts).toISOString(),
  actor: row.actor.id,
  actor_session: row.actor.session,
  on_behalf_of: row.actor.onBehalfOf,
  ip: row.actor.ip,
  action: row.action,
  object: row.object,
  scope: row.scope,
  decision: row.decision,
  rule: row.rule,
  before: row.before,
  after: row.after,
  request_id: row.requestId,
  prev_hash: row.prevHash,
  hash: row.hash,
})

/**
 * A cell of CSV. A spreadsheet would run what begins with these signs: an apostrophe before it makes it text. Quotes
 * around it, since names may hold anything.
 */
function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[\s]*[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

export const formats = ['jsonl', 'csv'] as const
export type ExportFormat = (typeof formats)[number]

/** Lines of an export, each with its end. */
export async function* exportLines(rows: AsyncIterable<AuditRow>, format: ExportFormat): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`
  for await (const row of rows) {
    const told = flat(row)
    yield format === 'csv'
      ? `${columns.map((column) => cell(told[column])).join(',')}\r\n`
      : `${JSON.stringify(told)}\n`
  }
}
