import type { EffectiveRights, RoleView } from '../../../../src/features/governance/contract.ts'
import type { Tone } from '../../ui/badge.tsx'

export type Verdict = EffectiveRights['capabilities'][number]['verdict']

/** A verdict as a sign, and in words. */
export const verdicts: Readonly<
  Record<Verdict, { readonly sign: string; readonly word: string; readonly tone: Tone }>
> = {
  allow: { sign: '✓', word: 'allowed', tone: 'ok' },
  partly: { sign: '◐', word: 'on some objects', tone: 'info' },
  deny: { sign: '✕', word: 'denied', tone: 'critical' },
  none: { sign: '·', word: 'not granted', tone: 'neutral' },
}

/** The beginning of a long id or hash; the whole is in the title. */
export const short = (id: string): string => (id.length > 12 ? `${id.slice(0, 8)}…` : id)

/** A user by name, by a short id where there is none: erased, or not ours to know. */
export const nameOf = (names: Readonly<Record<string, string>> | undefined, id: string): string =>
  names?.[id] ?? short(id)

/** Name of a role, its id where it is not known. */
export const roleName = (roles: readonly Pick<RoleView, 'id' | 'name'>[] | undefined, id: string): string =>
  roles?.find((role) => role.id === id)?.name ?? id

/** A value for people to read: strings as they are, the rest as JSON of several lines. */
export const pretty = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '–')
