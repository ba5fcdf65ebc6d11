import { Type, type Static } from 'typebox'

// Sessions and tokens of everybody, `/api/governance/sessions` and `/tokens`. One's own are with the account.

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.Number()
/** Id of a user -> name. */
const Names = Type.Record(Type.String(), Type.String())

/** Newest first. `after`: `next` of the page before. Limit 1 to 200, else 50. */
export const CredentialQuery = Type.Object({
  user: Type.Optional(Id),
  after: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})

export const SessionView = Type.Object({
  /** Public id, never the secret. */
  id: Id,
  user: Id,
  createdAt: Time,
  lastSeenAt: Time,
  expiresAt: Time,
  /** Where it was last seen, and the browser as it names itself. */
  ip: Type.Optional(Type.String()),
  agent: Type.Optional(Type.String()),
  /** `password`, `oidc`, `proxy`. */
  method: Type.String(),
  /** The one that asks. */
  current: Type.Boolean(),
})
export const SessionPage = Type.Object({
  sessions: Type.Array(SessionView),
  names: Names,
  next: Type.Optional(Type.String()),
})

export const TokenView = Type.Object({
  id: Id,
  user: Id,
  name: Type.String(),
  /** Capabilities that it is narrowed to; absent: all that its owner holds. */
  scopes: Type.Optional(Type.Array(Id)),
  createdAt: Time,
  createdBy: Type.Optional(Id),
  expiresAt: Type.Optional(Time),
  lastUsedAt: Type.Optional(Time),
})
export const TokenPage = Type.Object({
  tokens: Type.Array(TokenView),
  names: Names,
  next: Type.Optional(Type.String()),
})

/** `POST /tokens` -> TokenMade, 201: for another, such as a service. `DELETE /sessions/:id`, `/tokens/:id` -> Done. */
export const TokenCreate = Type.Object({
  user: Id,
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Optional(Type.Array(Id, { maxItems: 200 })),
  expiresAt: Type.Optional(Time),
})
/** `secret` is shown once. */
export const TokenMade = Type.Object({ token: TokenView, secret: Type.String() })

export type CredentialQuery = Static<typeof CredentialQuery>
export type SessionView = Static<typeof SessionView>
export type SessionPage = Static<typeof SessionPage>
export type TokenView = Static<typeof TokenView>
export type TokenPage = Static<typeof TokenPage>
export type TokenCreate = Static<typeof TokenCreate>
export type TokenMade = Static<typeof TokenMade>
