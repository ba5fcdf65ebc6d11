import { sql, type Selectable } from 'kysely'
import type { Db } from '../../database/schema.ts'
import type { Place } from './cut-lines.ts'
import type { ForeignLine } from './read-line.ts'
import type { ForeignFileTable } from './tables.ts'

/** A file, and how far it was read. */
export interface KnownFile extends Place {
  readonly id: string
  readonly source: string
  readonly path: string
  readonly device: string
  readonly inode: string
  readonly mark: Buffer
}

/** What was read of a file at once. */
export interface Reading extends Place {
  readonly mark: Buffer
  readonly lines: readonly ForeignLine[]
}

type Stored = Selectable<ForeignFileTable>

const fileOf = (row: Stored): KnownFile => ({
  id: row.id,
  source: row.source,
  path: row.path,
  device: row.device,
  inode: row.inode,
  offset: Number(row.offset),
  skipping: row.skipping,
  mark: row.mark,
})

/** Beyond it, PostgreSQL takes no more values in one statement. */
const atOnce = 1000
const month = 30 * 86_400_000

export type ForeignStore = ReturnType<typeof createForeignStore>

/** Lines, and how far each file was read, together: whatever happens, no line is missed or kept twice. */
export function createForeignStore(db: Db, clock: () => number) {
  const now = (): Date => new Date(clock())
  return {
    async known(source: string): Promise<KnownFile[]> {
      const rows = await db.selectFrom('aura.foreign_file').selectAll().where('source', '=', source).execute()
      return rows.map(fileOf)
    },

    /** A file from now on; what was known under its number before is forgotten. */
    async add({ source, path, device, inode, offset, skipping, mark }: Omit<KnownFile, 'id'>): Promise<KnownFile> {
      const values = { source, path, device, inode, offset, skipping, mark, read_at: now() }
      const row = await db
        .insertInto('aura.foreign_file')
        .values({ ...values, lines: 0, bad_lines: 0 })
        .onConflict((on) => on.columns(['source', 'device', 'inode']).doUpdateSet(values))
        .returningAll()
        .executeTakeFirstOrThrow()
      return fileOf(row)
    },

    async save({ id, source, path }: KnownFile, { offset, skipping, mark, lines }: Reading): Promise<void> {
      const read_at = now()
      const bad = lines.filter((line) => line.bad).length
      await db.transaction().execute(async (tx) => {
        for (let i = 0; i < lines.length; i += atOnce) {
          const values = lines.slice(i, i + atOnce).map((line) => Object.assign({ source, path, read_at }, line))
          await tx.insertInto('aura.foreign_line').values(values).execute()
        }
        await tx
          .updateTable('aura.foreign_file')
          .set({
            path,
            offset,
            skipping,
            mark,
            read_at,
            lines: sql<number>`lines + ${lines.length}`,
            bad_lines: sql<number>`bad_lines + ${bad}`,
          })
          .where('id', '=', id)
          .execute()
      })
    },
  }
}

/** Keeps what is kept of foreign files from growing for ever. */
export function createForeignSweep(db: Db, clock: () => number) {
  return {
    /** Forgets files that are not followed and were not read for a month. */
    async prune(followed: readonly string[]): Promise<void> {
      await db
        .deleteFrom('aura.foreign_file')
        .where('read_at', '<', new Date(clock() - month))
        .where((eb) => eb.not(eb('id', '=', eb.fn.any(eb.val([...followed])))))
        .execute()
    },

    /** Deletes lines read more than `age` ms ago, and the oldest beyond `most`. Resolves with how many went. */
    async cut(age: number, most: number): Promise<number> {
      const { numDeletedRows: old } = await db
        .deleteFrom('aura.foreign_line')
        .where('read_at', '<', new Date(clock() - age))
        .executeTakeFirstOrThrow()
      const { numDeletedRows: beyond } = await db
        .deleteFrom('aura.foreign_line')
        .where('id', '<=', (eb) =>
          eb.selectFrom('aura.foreign_line').select('id').orderBy('id', 'desc').offset(sql.lit(most)).limit(1),
        )
        .executeTakeFirstOrThrow()
      return Number(old + beyond)
    },
  }
}
