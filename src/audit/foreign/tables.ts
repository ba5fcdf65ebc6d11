import type { ColumnType, Generated } from 'kysely'

/** A file of another program, and how far it was read. */
export interface ForeignFileTable {
  /** pg hands out a bigint as text. */
  id: Generated<string>
  source: string
  path: string
  device: string
  inode: string
  offset: ColumnType<string, number, number>
  /** SHA-256 of the bytes before the offset, 1024 at most: the same file goes on exactly there. */
  mark: Buffer
  /** In the middle of a line that was too long: what is left of it is passed over. */
  skipping: boolean
  lines: ColumnType<string, number, number>
  bad_lines: ColumnType<string, number, number>
  read_at: Date
}

/** A line as it was; never interpreted. */
export interface ForeignLineTable {
  id: Generated<string>
  source: string
  path: string
  read_at: Date
  /** Readable text: without NUL, and with replacement characters for what is no UTF-8. */
  line: string
  /** The bytes, where the text is not them. */
  raw: Buffer | null
  /** No JSON object, or longer than is kept. */
  bad: boolean
  /** What the line says of itself, where the configuration tells in which fields. */
  at: Date | null
  actor: string | null
  action: string | null
  object: string | null
}

export interface ForeignSchema {
  'aura.foreign_file': ForeignFileTable
  'aura.foreign_line': ForeignLineTable
}
