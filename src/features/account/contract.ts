import { Type, type Static } from 'typebox'

/*
 * One's own account: `/api/account/…`.
 *
 * For the page:
 * - The session is a cookie that no script sees. Every request that changes something sends the header `x-csrf-token` with
 *   `csrf` of `GET /api/account`; it stays the same while the session lasts. Bodies are JSON.
 * - 401 UNAUTHENTICATED: sign in. 401 WRONG_CREDENTIALS: name or password wrong. 429 TOO_MANY_TRIES and 503 BUSY carry
 *   `Retry-After`, seconds. 403 CSRF: load the account anew. 403 REAUTHENTICATION_REQUIRED: `POST /confirm`, then again.
 * - Methods with a `url` are addresses to go to, with `?to=` the path to come back to: `/oidc/start` and `/proxy/start`.
 *   What is refused there is a page with the words and a way back.
 * - A link carries its secret behind `#`, so that it reaches no log: `/setup#token=…` makes the first owner; those of
 *   invitations let their user choose a password. Both end in `POST /setup`.
 */

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.Number({ description: 'ms since the epoch' })
// Whatever is longer is refused without being looked at; the limit of the body is far above, so that the words are ours.
const Password = Type.String({ minLength: 1, maxLength: 1024 })

/** `GET /methods`, open to all: how one can sign in, and whether the first owner is still to come. */
export const AccountMethods = Type.Object({
  mode: Type.Enum(['accounts', 'none']),
  setup: Type.Boolean(),
  methods: Type.Array(Type.Object({ kind: Type.String(), name: Type.String(), url: Type.Optional(Type.String()) })),
})

/** `GET /api/account`, and the answer of whatever changes it. */
export const AccountView = Type.Object({
  user: Type.Object({ id: Id, name: Type.String() }),
  /** `session`, `token`, `proxy`, or `built-in` where there are no accounts. */
  proof: Type.String(),
  /** Public id of the session or token. */
  credential: Type.Optional(Id),
  /** Held now, on something at least. */
  capabilities: Type.Array(Type.String()),
  roles: Type.Array(Type.String()),
  trust: Type.Integer(),
  policyVersion: Type.Integer(),
  /** Of a session: to be sent along with whatever changes something. */
  csrf: Type.Optional(Type.String()),
  /** Of a session: when it ends even if it is used; and when if it is not. */
  expiresAt: Type.Optional(Time),
  idleUntil: Type.Optional(Time),
  /** Until then nobody asks for the password again. */
  confirmedUntil: Type.Optional(Time),
  /** Of a session without a password: where to go to prove once more who one is, with `?to=` the path to come back to. */
  confirmUrl: Type.Optional(Type.String()),
})

/** `POST /setup` -> AccountView, signed in. `login` and `name` are for the first owner alone. */
export const AccountSetup = Type.Object({
  token: Type.String({ maxLength: 200 }),
  login: Type.Optional(Type.String({ maxLength: 100 })),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  password: Password,
})

/** `POST /sign-in` -> AccountView. */
export const AccountSignIn = Type.Object({ login: Type.String({ minLength: 1, maxLength: 320 }), password: Password })

/** `POST /confirm` -> AccountView: the password once more. */
export const AccountConfirm = Type.Object({ password: Password })

/** `PUT /password` -> AccountView. Every other session ends. */
export const AccountPassword = Type.Object({ current: Password, next: Password })

/** `GET /sessions`, newest first; `DELETE /sessions/:id` -> AccountDone. */
export const AccountSessions = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Id,
      createdAt: Time,
      lastSeenAt: Time,
      expiresAt: Time,
      ip: Type.String(),
      agent: Type.String(),
      method: Type.String(),
      current: Type.Boolean(),
    }),
  ),
})

const tokenFields = {
  id: Id,
  name: Type.String(),
  scopes: Type.Optional(Type.Array(Id)),
  createdAt: Time,
  expiresAt: Type.Optional(Time),
  lastUsedAt: Type.Optional(Time),
}
/** `GET /tokens`, newest first; `DELETE /tokens/:id` -> AccountDone. */
export const AccountTokens = Type.Object({ tokens: Type.Array(Type.Object(tokenFields)) })

/** `POST /tokens` -> AccountTokenMade, 201. Without scopes it may do whatever its owner may. */
export const AccountTokenCreate = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Optional(Type.Array(Id, { maxItems: 200 })),
  expiresAt: Type.Optional(Time),
})
/** `secret` is shown once. */
export const AccountTokenMade = Type.Object({ id: Id, secret: Type.String() })

/** `POST /ticket`: for the `token` of the first connect frame of the live bridge; good for one use, within 30 s. */
export const AccountTicket = Type.Object({ ticket: Type.String(), expiresAt: Time })

/** `POST /oidc/link` -> AccountAway: ties an account at the provider to one's own; `to` is the path to come back to. */
export const AccountLink = Type.Object({ to: Type.Optional(Type.String({ maxLength: 2000 })) })
export const AccountAway = Type.Object({ url: Type.String() })

/** `POST /oidc/sign-out`; `url`: where to go for the provider to end its own session too. */
export const AccountSignedOut = Type.Object({ done: Type.Literal(true), url: Type.Optional(Type.String()) })

export const AccountDone = Type.Object({ done: Type.Literal(true) })

export type AccountMethods = Static<typeof AccountMethods>
export type AccountView = Static<typeof AccountView>
export type AccountSetup = Static<typeof AccountSetup>
export type AccountSignIn = Static<typeof AccountSignIn>
export type AccountConfirm = Static<typeof AccountConfirm>
export type AccountPassword = Static<typeof AccountPassword>
export type AccountSessions = Static<typeof AccountSessions>
export type AccountTokens = Static<typeof AccountTokens>
export type AccountTokenCreate = Static<typeof AccountTokenCreate>
export type AccountTokenMade = Static<typeof AccountTokenMade>
export type AccountTicket = Static<typeof AccountTicket>
