import { Type, type Static } from 'typebox'

/*
 * The audit log: `/api/governance/audit-logs`, live on the topic `audit` (class event): each publication is one
 * `AuditRowView`, in the order of `seq`, after it was committed. Live rows carry neither names nor addresses, since what
 * is published is kept for those who resume, and personal data must stay where it can be erased. After a gap in `seq`
 * (the bridge says so on a resume that it cannot fill) load with `after`. Security alerts: `/api/governance/alerts`,
 * live on the topic `security` (class alert), one `SecurityAlertView` per publication, replacing that of its `id`.
 */

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.Number()
const Seq = Type.Integer({ minimum: 0 })

export const AuditRowView = Type.Object({
  seq: Seq,
  ts: Time,
  actor: Type.Object({
    id: Id,
    /** As it is now; absent in live rows and once erased. */
    name: Type.Optional(Type.String()),
    /** Public id of the session or token. */
    session: Type.Optional(Id),
    onBehalfOf: Type.Optional(Id),
    ip: Type.Optional(Type.String()),
  }),
  /** `noun.verb`. */
  action: Type.String(),
  object: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  decision: Type.Enum(['allow', 'deny', 'none']),
  /** Why, in one line. */
  rule: Type.Optional(Type.String()),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
  requestId: Type.Optional(Type.String()),
  prevHash: Type.String(),
  hash: Type.String(),
})

const filters = {
  actor: Type.Optional(Id),
  /** Exact, or all that begin alike: `role.*`. */
  action: Type.Optional(Type.String({ maxLength: 100 })),
  /** Exact, or all that begin alike: `model:*`. */
  object: Type.Optional(Type.String({ maxLength: 300 })),
  decision: Type.Optional(Type.Enum(['allow', 'deny', 'none'])),
  /** From then on, and up to but not including then. */
  from: Type.Optional(Time),
  until: Type.Optional(Time),
  requestId: Type.Optional(Type.String({ maxLength: 100 })),
  /** Free text over action, object, rule, before and after. */
  q: Type.Optional(Type.String({ maxLength: 200 })),
}

/** `GET /audit-logs`: newest first, older than `before`; with `after`, those newer than it, still newest first. */
export const AuditQuery = Type.Object({
  ...filters,
  before: Type.Optional(Seq),
  after: Type.Optional(Seq),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})
/** `next`: goes into `before`. `newest`: the end of the chain when this was read. */
export const AuditPage = Type.Object({ rows: Type.Array(AuditRowView), next: Type.Optional(Seq), newest: Seq })

/** `GET /audit-logs/export?format=jsonl|csv&…filters`: a download, oldest first; itself in the log. */
export const AuditExportQuery = Type.Object({ ...filters, format: Type.Optional(Type.Enum(['jsonl', 'csv'])) })

/** `GET /audit-logs/status`, and the answer of `POST /audit-logs/verify` (an empty body), which checks all of it now. */
export const AuditStatus = Type.Object({
  /** `unverified`: not checked since the start. For the badge: `verified to #12,345, checkpoint 3 min ago`. */
  state: Type.Enum(['verified', 'broken', 'unverified', 'running']),
  newest: Seq,
  verifiedTo: Type.Optional(Seq),
  verifiedAt: Type.Optional(Time),
  /** The first row that is not as it was written, and what is wrong with it. */
  brokenAt: Type.Optional(Seq),
  reason: Type.Optional(Type.String()),
  /** The newest one that was signed. */
  checkpoint: Type.Optional(Type.Object({ seq: Seq, at: Time })),
})

/**
 * `GET /audit-logs/foreign?source=&before=&limit=`: lines of other programs' audit files, newest first. They are in no
 * chain, and Aura never acts on them.
 */
export const ForeignQuery = Type.Object({
  /** Name of a source, or path of a file. */
  source: Type.Optional(Type.String({ maxLength: 500 })),
  actor: filters.actor,
  action: filters.action,
  object: filters.object,
  /** When it was read. */
  from: filters.from,
  until: filters.until,
  /** Only lines that are no JSON objects, or only those that are. */
  bad: Type.Optional(Type.Boolean()),
  /** Free text over the line. */
  q: filters.q,
  before: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})
export const ForeignPage = Type.Object({
  rows: Type.Array(
    Type.Object({
      id: Id,
      /** The file, and when it was read; what the line says of itself is in `entry`. */
      source: Type.String(),
      /** Of the source in the configuration. */
      name: Type.String(),
      ts: Time,
      /** What the line says of itself, in the fields that the configuration names. */
      at: Type.Optional(Time),
      actor: Type.Optional(Type.String()),
      action: Type.Optional(Type.String()),
      object: Type.Optional(Type.String()),
      /** The parsed line; absent where it is no JSON object. */
      entry: Type.Optional(Type.Unknown()),
      /** The line as it was, where it is no JSON object. */
      bad: Type.Optional(Type.String()),
    }),
  ),
  /** All sources with what was read of them so far, which may be more than is kept. */
  sources: Type.Array(
    Type.Object({ name: Type.String(), files: Type.Integer(), lines: Type.Integer(), badLines: Type.Integer() }),
  ),
  next: Type.Optional(Id),
})

export const SecurityAlertView = Type.Object({
  id: Id,
  /** `failed-sign-ins`, `denied-burst`, `new-owner`, `chain-broken`. */
  rule: Type.String(),
  severity: Type.Enum(['info', 'warning', 'critical']),
  /** One line for people. */
  summary: Type.String(),
  /** When it happened last. */
  at: Time,
  firstAt: Time,
  /** How often it happened within the rule's window, and the rows of the log that tell of it. */
  count: Type.Integer(),
  seqs: Type.Array(Seq),
  actor: Type.Optional(Id),
  /** From where; never in what is published. */
  address: Type.Optional(Type.String()),
  acknowledgedBy: Type.Optional(Id),
  acknowledgedAt: Type.Optional(Time),
  comment: Type.Optional(Type.String()),
})
/** `GET /alerts?open=true&before=&limit=`, newest first. */
export const SecurityAlertQuery = Type.Object({
  open: Type.Optional(Type.Boolean()),
  before: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
export const SecurityAlertPage = Type.Object({
  alerts: Type.Array(SecurityAlertView),
  /** Id of a user -> name. */
  names: Type.Record(Type.String(), Type.String()),
  next: Type.Optional(Id),
})
/** `POST /alerts/:id/acknowledge` -> SecurityAlertView. */
export const AlertAcknowledge = Type.Object({ comment: Type.Optional(Type.String({ maxLength: 1000 })) })

export type AuditRowView = Static<typeof AuditRowView>
export type AuditQuery = Static<typeof AuditQuery>
export type AuditPage = Static<typeof AuditPage>
export type AuditExportQuery = Static<typeof AuditExportQuery>
export type AuditStatus = Static<typeof AuditStatus>
export type ForeignQuery = Static<typeof ForeignQuery>
export type ForeignPage = Static<typeof ForeignPage>
export type SecurityAlertView = Static<typeof SecurityAlertView>
export type SecurityAlertQuery = Static<typeof SecurityAlertQuery>
export type SecurityAlertPage = Static<typeof SecurityAlertPage>
export type AlertAcknowledge = Static<typeof AlertAcknowledge>
