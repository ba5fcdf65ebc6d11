import type { Row } from '../session.ts'

export interface Database {
  readonly oid: string
  readonly name: string
}

/** Why a database is not visited. */
export const skipReasons = ['closed', 'template', 'privilege', 'excluded', 'limit'] as const
export type SkipReason = (typeof skipReasons)[number]

export interface Discovery {
  readonly databases: readonly Database[]
  readonly skipped: Readonly<Record<SkipReason, number>>
}

/** Turns `app_*` into a test of names; only `*` is special. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
    return new RegExp(`^${parts.join('.*')}$`, 's')
  })
  return (name) => tests.some((test) => test.test(name))
}

export interface Choosing {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** How many of so many databases can be visited. */
  readonly visitable: (databases: number) => number
}

/** Rows of `discoverySql` (oldest database first, so that the limit always cuts the same ones). */
export function parseDiscovery(rows: readonly Row[], { include, exclude, visitable }: Choosing): Discovery {
  const skipped = { closed: 0, template: 0, privilege: 0, excluded: 0, limit: 0 }
  const included = include.length === 0 ? () => true : matcher(include)
  const excluded = matcher(exclude)
  const databases: Database[] = []
  for (const [oid, name, reason] of rows) {
    if (typeof oid !== 'string' || typeof name !== 'string') continue
    if (typeof reason === 'string') skipped[reason as SkipReason]++
    else if (!included(name) || excluded(name)) skipped.excluded++
    else databases.push({ oid, name })
  }
  const most = visitable(databases.length)
  skipped.limit = Math.max(0, databases.length - most)
  return { databases: databases.slice(0, most), skipped }
}
