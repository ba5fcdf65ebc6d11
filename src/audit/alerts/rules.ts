import type { Json } from '../types.ts'
import { sourceOf } from './network.ts'
import type { Finding, Observed, RuleName, Severity } from './types.ts'
import { createWindows, type Burst } from './windows.ts'

const minute = 60_000
const hour = 60 * minute

/** The longest span that a rule looks back. */
export const longestSpan = hour
/** An export of more rows than this is a mass of its own. */
const manyRows = 100_000

type Told = Pick<Finding, 'key' | 'severity' | 'summary' | 'address'>

/** A rule over one row: what is found by it alone. */
type Simple = (row: Observed) => Told | undefined

/** A rule over many rows: which belong together, and how many are too many within how long, ms. */
interface Repeated {
  readonly span: number
  readonly threshold: number
  readonly of: (row: Observed) => (Told & { readonly weight: number }) | undefined
}

const proving = new Set(['session.refuse', 'session.confirm', 'password.change'])
const failedProof = ({ action, decision }: Observed): boolean => decision === 'deny' && proving.has(action)

const numberAt = (value: Json | undefined, name: string): number => {
  const found = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.entries(value)
  const told = found === false ? undefined : found.find(([key]) => key === name)?.[1]
  return typeof told === 'number' ? told : 0
}

const textAt = (value: Json | undefined, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined

const repeated: Partial<Readonly<Record<RuleName, Repeated>>> = {
  'failed-sign-ins': {
    span: 10 * minute,
    threshold: 5,
    of: (row) =>
      failedProof(row) && row.object?.startsWith('user:') === true
        ? { ...said(row.object, 'warning', `Wrong passwords again and again for ${row.object}`), weight: 1 }
        : undefined,
  },
  'failed-sign-ins-address': {
    span: 10 * minute,
    threshold: 20,
    of: (row) =>
      failedProof(row) && row.actor.ip !== undefined
        ? { ...said(sourceOf(row.actor.ip), 'warning', 'Wrong passwords again and again from one address'), weight: 1 }
        : undefined,
  },
  'denied-burst': {
    span: 5 * minute,
    threshold: 10,
    // To refuse a request is a decision, and no refusal.
    of: (row) =>
      row.decision === 'deny' && !failedProof(row) && row.action !== 'approval.refuse'
        ? {
            ...said(row.actor.id, 'warning', `${row.actor.id} was refused again and again`),
            weight: 1 + numberAt(row.after, 'alsoRefused'),
          }
        : undefined,
  },
  'mass-export': {
    span: hour,
    threshold: 3,
    of: ({ action, decision, actor, after }) => {
      if (action !== 'audit.export' || decision === 'deny') return undefined
      // The first entry says that it begins, the second how much it was.
      const weight = decision === 'allow' ? 1 : numberAt(after, 'rows') >= manyRows ? 3 : 0
      return { ...said(actor.id, 'warning', `${actor.id} takes much of the audit log along`), weight }
    },
  },
}

/** Aura itself, before there is anybody. */
const itself = new Set(['setup', 'system'])

const simple: Partial<Readonly<Record<RuleName, Simple>>> = {
  'rights-changed': ({ action, decision, actor, object = '' }) =>
    decision === 'allow' && /^(role\.(create|update|delete)|separation\.\w+)$/.test(action) && !itself.has(actor.id)
      ? said(object, 'warning', `${object} was changed (${action})`)
      : undefined,
  'new-owner': ({ action, decision, actor, object = '', after }) =>
    decision === 'allow' && action === 'role.assign' && textAt(after, 'role') === 'owner'
      ? said(object, actor.id === 'setup' ? 'info' : 'critical', `${object} was made an owner`)
      : undefined,
  'token-created': ({ action, decision, actor }) =>
    decision === 'allow' && action === 'token.create'
      ? said(actor.id, 'info', `${actor.id} made an API token`)
      : undefined,
  'new-approver': ({ firstApproval, actor }) =>
    firstApproval ? said(actor.id, 'warning', `${actor.id} approved something for the first time`) : undefined,
  'new-device': ({ newDevice, actor }) =>
    newDevice ? said(actor.id, 'info', `${actor.id} signed in from a new browser or network`) : undefined,
}

function said(key: string, severity: Severity, summary: string): Told {
  return { key, severity, summary }
}

const find = (rule: RuleName, { key, severity, summary }: Told, row: Observed, { count, seqs }: Burst): Finding => ({
  rule,
  key,
  severity,
  summary,
  // Whoever was tried last from an address is not who did it.
  actor: rule === 'failed-sign-ins-address' || row.actor.id === 'unknown' ? undefined : row.actor.id,
  address: row.actor.ip,
  at: row.ts,
  count,
  seqs,
})

const entriesOf = <Value>(rules: Partial<Readonly<Record<RuleName, Value>>>): [RuleName, Value][] =>
  Object.entries(rules) as [RuleName, Value][]

/** All rules over the log. Give it every row in order; what it remembers is bounded, and an hour of rows builds it anew. */
export function createRules(): (row: Observed) => Finding[] {
  const counted = entriesOf(repeated).map(([rule, { span, threshold, of }]) => {
    return { rule, of, windows: createWindows(span, threshold) }
  })
  return (row) => {
    const found: Finding[] = []
    for (const [rule, of] of entriesOf(simple)) {
      const told = of(row)
      if (told !== undefined) found.push(find(rule, told, row, { count: 1, seqs: [row.seq] }))
    }
    for (const { rule, of, windows } of counted) {
      const told = of(row)
      if (told === undefined || told.weight === 0) continue
      const burst = windows(told.key, { ts: row.ts, seq: row.seq, weight: told.weight })
      if (burst !== undefined) found.push(find(rule, told, row, burst))
    }
    return found
  }
}
