import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { exportLines, type ExportFormat } from '../../../audit/export.ts'
import { auditRows } from '../../../audit/query.ts'
import type { AuditEntry, AuditRow } from '../../../audit/types.ts'
import { actorOf } from '../../../auth/policy/entries.ts'
import { RefusedError } from '../../../errors.ts'
import { wire } from '../../schemas.ts'
import { route } from '../route.ts'
import { checkFilter } from './asked.ts'
import type { AuditExportQuery } from './contract.ts'
import { base, type AuditDeps } from './routes.ts'

/** Exports at once: each reads the log for as long as its reader takes. */
const atOnce = 2
/** Longest time of one, ms. */
const longest = 30 * 60_000

const types = { jsonl: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const

/** The rows that pass, counted; `ended` is told at the end, also when the reader goes away. */
async function* counted(
  rows: AsyncIterable<AuditRow>,
  ended: (rows: number, complete: boolean) => Promise<void>,
): AsyncGenerator<AuditRow> {
  let count = 0
  let complete = false
  try {
    for await (const row of rows) {
      count++
      yield row
    }
    complete = true
  } finally {
    await ended(count, complete)
  }
}

type Begun = Pick<AuditEntry, 'actor' | 'action' | 'requestId'>

/** The lines of an export. What it took along is in the log when it ends; that it began is there already. */
function linesOf(deps: AuditDeps, asked: AuditExportQuery, about: Begun, done: (error?: unknown) => void): Readable {
  const { format = 'jsonl', ...filter } = asked
  const ended = async (rows: number, complete: boolean): Promise<void> => {
    await deps.audit.record({ ...about, decision: 'none', after: { rows, complete } }).then(() => done(), done)
  }
  const lines = Readable.from(exportLines(counted(auditRows(deps.db, filter), ended), format))
  const timer = setTimeout(() => lines.destroy(new Error('the export took too long')), longest).unref()
  return lines.on('close', () => clearTimeout(timer))
}

const fileName = (now: number, format: ExportFormat): string =>
  `aura-audit-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}Z.${format}`

/** The audit log as a file, streamed. That somebody takes it along is in the log before the first row leaves. */
export function exportRoute(instance: FastifyInstance, deps: AuditDeps): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  let running = 0
  app.get(
    `${base}/export`,
    route('audit:export', 'The audit log as a file', { querystring: wire.AuditExportQuery }),
    async (request, reply) => {
      checkFilter(request.query)
      if (running >= atOnce) throw new RefusedError(429, 'TOO_MANY_TRIES', 'Others are exporting; try again later')
      const { format = 'jsonl' } = request.query
      const about = { actor: actorOf(deps.callerOf(request)), action: 'audit.export', requestId: request.id }
      running++
      try {
        await deps.audit.record({ ...about, decision: 'allow', after: { ...request.query, format } })
      } catch (error) {
        running--
        throw error
      }
      const failed = (err?: unknown): void => {
        if (err !== undefined) request.log.error({ err }, 'how much of the audit log was exported is not in it')
      }
      const lines = linesOf(deps, request.query, about, failed).on('close', () => running--)
      return reply
        .header('content-type', types[format])
        .header('content-disposition', `attachment; filename="${fileName(deps.now(), format)}"`)
        .header('cache-control', 'no-store')
        .send(lines)
    },
  )
}
