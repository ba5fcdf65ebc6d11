import type { Connections, Row } from '../../../src/exporters/postgres/connection.ts'
import type { Session } from '../../../src/exporters/postgres/session.ts'

/** What a server answered to each collector, statement by statement in the order asked. */
export interface Recording {
  readonly version: number
  readonly versionText: string
  readonly collectors: Readonly<Record<string, readonly (readonly Row[])[]>>
}

/** Connections that answer from a recording, one collector at a time; versions decide the statements as ever. */
export function replay(recording: Recording): {
  readonly db: Connections
  readonly next: (collector: string) => boolean
} {
  let rest: (readonly Row[])[] = []
  const { version, versionText } = recording
  const db = {
    main: () => Promise.resolve({ version, versionText, database: 'postgres' } as Session),
    async query(sql: string | ((version: number) => string)) {
      if (typeof sql === 'function') sql(version)
      const rows = rest.shift()
      if (rows === undefined) throw new Error(`not recorded: ${String(sql)}`)
      return rows
    },
  }
  return {
    db: db as unknown as Connections,
    next(collector) {
      rest = [...(recording.collectors[collector] ?? [])]
      return collector in recording.collectors
    },
  }
}
