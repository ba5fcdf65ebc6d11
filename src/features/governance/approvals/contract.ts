import { Type, type Static } from 'typebox'

/*
 * Acts that need a second person: `/api/governance/approvals`, and live on the topic `approvals` (class event), where
 * each publication is an `ApprovalNotice`: load that approval anew. Nobody approves what they asked for themselves; show
 * `mine` so, and `state` decides which buttons there are. REAUTHENTICATION_REQUIRED may answer an approval. Other codes:
 * SELF_APPROVAL (403); ALREADY_DECIDED, EXPIRED, HASH_MISMATCH, SEPARATION, REQUESTER_FORBIDDEN, ALREADY_REQUESTED (409):
 * load it anew and show the message; TOO_MANY_PENDING (429).
 */

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.Number()

const approvalStates = ['pending', 'approved', 'running', 'done', 'failed', 'refused', 'expired', 'withdrawn'] as const

export const ApprovalView = Type.Object({
  id: Id,
  /** `model.delete`. */
  type: Type.String(),
  args: Type.Unknown(),
  /** One line for people: `Delete model llama3.2:3b (2.0 GB)`. Text, never markup. */
  summary: Type.String(),
  object: Type.String(),
  /** What exactly is approved, hex. Send back the one that was shown. */
  hash: Type.String(),
  state: Type.Enum([...approvalStates]),
  requestedBy: Id,
  requestedAt: Time,
  reason: Type.String(),
  expiresAt: Time,
  decidedBy: Type.Optional(Id),
  decidedAt: Type.Optional(Time),
  comment: Type.Optional(Type.String()),
  /** What came of it, once done or failed. */
  outcome: Type.Optional(Type.Unknown()),
  /** The caller asked for it. */
  mine: Type.Boolean(),
  /** The caller could approve it now, re-authentication apart; `because` says why not. */
  mayApprove: Type.Boolean(),
  because: Type.Optional(Type.String()),
})

/** `GET /approvals?state=&before=&limit=`, newest first; `next` goes into `before`. */
export const ApprovalQuery = Type.Object({
  state: Type.Optional(Type.Enum([...approvalStates])),
  before: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
export const ApprovalPage = Type.Object({
  approvals: Type.Array(ApprovalView),
  next: Type.Optional(Id),
  /** Id of a user -> name. */
  names: Type.Record(Type.String(), Type.String()),
})

/** `POST /approvals` -> ApprovalView, 201. */
export const ApprovalRequest = Type.Object({
  type: Type.String({ minLength: 1, maxLength: 100 }),
  args: Type.Unknown(),
  reason: Type.String({ minLength: 1, maxLength: 1000 }),
})

/** `POST /api/models/delete` -> ApprovalView, 202: asks for it; it happens when a second person approves. */
export const ModelDelete = Type.Object({
  model: Type.String({ minLength: 1, maxLength: 300 }),
  reason: Type.String({ minLength: 1, maxLength: 1000 }),
})

/** `POST /approvals/:id/approve` -> ApprovalView: done or failed where it was quick, else running. */
export const ApprovalApprove = Type.Object({
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  comment: Type.Optional(Type.String({ maxLength: 1000 })),
})
/** `POST /approvals/:id/refuse` -> ApprovalView. `POST /approvals/:id/withdraw` has an empty body, for who asked. */
export const ApprovalRefuse = Type.Object({ comment: Type.Optional(Type.String({ maxLength: 1000 })) })

export const ApprovalNotice = Type.Object({ id: Id, type: Type.String(), state: Type.Enum([...approvalStates]) })

export type ApprovalView = Static<typeof ApprovalView>
export type ApprovalQuery = Static<typeof ApprovalQuery>
export type ApprovalPage = Static<typeof ApprovalPage>
export type ApprovalRequest = Static<typeof ApprovalRequest>
export type ModelDelete = Static<typeof ModelDelete>
export type ApprovalApprove = Static<typeof ApprovalApprove>
export type ApprovalRefuse = Static<typeof ApprovalRefuse>
export type ApprovalNotice = Static<typeof ApprovalNotice>
