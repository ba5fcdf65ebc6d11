import { Type, type Static } from 'typebox'

/*
 * What `/api/governance/…` and the topic `governance` carry. Live topics: `governance` (class
 * event, `role:read`): each publication a `GovernanceNotice`; `approvals`, `audit` and `security` are with their contracts.
 *
 * For the page:
 * - Times are ms since the epoch. Lists with `next` are paged by key: hand `next` back as `after`; absent: the end.
 * - Every error is `{ error: { code, message } }`; `message` is fixed words for people. Codes to act on:
 *   UNAUTHENTICATED (401) sign in; FORBIDDEN (403) not held, `error.capability` says which, ask `/why` who could grant it;
 *   REAUTHENTICATION_REQUIRED (403) ask for the password again at the account route, then repeat the request;
 *   VERSION_CONFLICT (409) somebody else was faster, `error.version` is the current one: load, show both, try again;
 *   GRANT_CEILING (403), LAST_OWNER (409), SEPARATION (409), IN_USE (409), INVALID (400), NOT_FOUND (404): show.
 * - REAUTHENTICATION_REQUIRED guards: every change of roles, separations, groups and assignments, applying roles as
 *   code, tokens for others, erasing users, approving. Refusing, withdrawing, locking and revoking need none: what only
 *   takes away must be quick.
 * - Everything names users by id. Answers that do carry `names`: id -> name as it is now, for those who may not list
 *   users; an id that is not in it was erased.
 * - Beside this file: `credentials/` (sessions and tokens of others), `code/` (roles as code), `approvals/`, `audit/`.
 */

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Time = Type.Number()
const Text = Type.String({ maxLength: 1000 })
/** Id of a user -> name. */
const Names = Type.Record(Type.String(), Type.String())
const Scope = Type.String({ minLength: 1, maxLength: 200, description: '`*`, `model:llama3.2:3b`, `model:llama*`.' })

/** `POST …` that needs no more than to be sent. */
export const Done = Type.Object({ done: Type.Literal(true) })

// Roles

export const RoleRule = Type.Object({ capability: Id, effect: Type.Enum(['allow', 'deny']), scope: Scope })

/** `allow`: on everything. `partly`: on some objects. `deny`: a rule takes it away. `none`: nothing was said. */
const verdicts = ['allow', 'partly', 'deny', 'none'] as const

const roleFields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  description: Text,
  /** The senior role, which may do whatever this one may; absent for a root. */
  parent: Type.Optional(Id),
  /** 0 to 100, never above the parent's. */
  trust: Type.Integer({ minimum: 0, maximum: 100 }),
  rules: Type.Array(RoleRule, { maxItems: 500 }),
}

export const RoleView = Type.Object({
  id: Id,
  ...roleFields,
  /** Holds every capability there is or will be: the owner. */
  everything: Type.Boolean(),
  /** Shipped: may be edited, not deleted. */
  builtIn: Type.Boolean(),
  /** Send it back with the edit. */
  version: Type.Integer(),
  /** Users and groups that it is assigned to now. */
  holders: Type.Integer(),
  /** Capability -> verdict, own rules and those of the roles below; `none` is left out. For the tree and the table. */
  effective: Type.Record(Id, Type.Enum([...verdicts])),
})

/** `GET /roles`. The tree is in `parent`; siblings come by trust, then name. */
export const RoleTree = Type.Object({ policyVersion: Type.Integer(), roles: Type.Array(RoleView) })

/** `POST /roles` -> RoleView, 201. */
export const RoleCreate = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
  ...roleFields,
})

/** `PUT /roles/:id` -> RoleView. `DELETE /roles/:id?version=3` -> Done. */
export const RoleEdit = Type.Object({ ...roleFields, version: Type.Integer() })
export const VersionQuery = Type.Object({ version: Type.Integer() })

/** `GET /capabilities`: the closed list. */
export const CapabilityList = Type.Object({
  capabilities: Type.Array(Type.Object({ key: Id, description: Type.String() })),
})

/** `GET /roles/:id/effective`: each capability on the list, with the rules that speak of it and where each comes from. */
export const EffectiveRights = Type.Object({
  role: Id,
  policyVersion: Type.Integer(),
  capabilities: Type.Array(
    Type.Object({
      capability: Id,
      verdict: Type.Enum([...verdicts]),
      /** `path`: role ids from this role down to the one that holds the rule. Denials first. */
      from: Type.Array(
        Type.Object({
          role: Id,
          effect: Type.Enum(['allow', 'deny']),
          scope: Scope,
          path: Type.Array(Id),
        }),
      ),
    }),
  ),
})

// Why

/** `POST /why` -> Why. Without `user`: about the caller, which everybody who is signed in may ask. */
export const WhyQuestion = Type.Object({
  user: Type.Optional(Id),
  capability: Id,
  /** Absent: on anything at all. */
  object: Type.Optional(Type.String({ maxLength: 200 })),
})

export const Why = Type.Object({
  user: Id,
  capability: Id,
  object: Type.Optional(Type.String()),
  allow: Type.Boolean(),
  reason: Type.Enum(['allowed', 'everything', 'denied', 'no rule', 'not in scope', 'separation', 'not delegated']),
  /** The whole answer in one line for people. */
  sentence: Type.String(),
  rule: Type.Optional(Type.Object({ ...RoleRule.properties, role: Id })),
  /** From the role that is assigned down to the one whose rule decided. */
  path: Type.Array(Id),
  assignment: Type.Optional(Id),
  policyVersion: Type.Integer(),
  /** Who could grant it, names included, since whoever asks may not list users. At most 20. */
  grantors: Type.Array(Type.Object({ id: Id, name: Type.String() })),
})

// Users

export const UserView = Type.Object({
  id: Id,
  /** What is typed in at sign-in; absent once erased. */
  login: Type.Optional(Type.String()),
  name: Type.String(),
  email: Type.Optional(Type.String()),
  /** `invited`: has not opened the invitation yet. `erased`: the id alone is left, for the audit log. */
  state: Type.Enum(['active', 'invited', 'locked', 'erased']),
  /** How the user signs in: `password`, `oidc`, `proxy`. */
  methods: Type.Array(Type.String()),
  createdAt: Time,
  lastSeenAt: Type.Optional(Time),
  /** Held now, directly or by a group. */
  roles: Type.Array(Id),
  /** Of the most trusted role; -1 without one. */
  trust: Type.Integer(),
})

/** `GET /users?search=&state=&ids=&after=&limit=`. `search`: part of a login, name or address. Limit 1 to 200, else 50. */
export const UserQuery = Type.Object({
  search: Type.Optional(Type.String({ maxLength: 200 })),
  state: Type.Optional(Type.Enum(['active', 'invited', 'locked', 'erased'])),
  ids: Type.Optional(Type.String({ maxLength: 10_000 })),
  after: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
export const UserPage = Type.Object({ users: Type.Array(UserView), next: Type.Optional(Type.String()) })

/** `POST /users` -> Invited, 201. `POST /users/:id/invitation` -> Invited: another link; the one before is void. */
export const UserCreate = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 100 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Type.Optional(Type.String({ maxLength: 320 })),
})
export const Invited = Type.Object({
  user: UserView,
  /** Shown once. `url` is a path of this console, to be put behind its address; it is good for one use until then. */
  invitation: Type.Object({ url: Type.String(), expiresAt: Time }),
})

/** `POST /users/:id/lock` `/unlock` `/erase` -> UserView. Lock and erase end every session and token at once. */
export const UserErase = Type.Object({ login: Type.String({ description: 'Typed again, so that it is no slip.' }) })

// Groups, assignments, separations

export const GroupView = Type.Object({ id: Id, name: Type.String(), members: Type.Array(Id) })
export const GroupList = Type.Object({ groups: Type.Array(GroupView), names: Names })
/** `POST /groups` -> GroupView, 201; `PUT /groups/:id` -> GroupView; `DELETE /groups/:id` -> Done. */
export const GroupEdit = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  members: Type.Array(Id, { maxItems: 10_000 }),
})

const assignmentFields = {
  subject: Type.Object({ kind: Type.Enum(['user', 'group']), id: Id }),
  role: Id,
  /** From that moment on it counts no more. */
  expiresAt: Type.Optional(Time),
}
export const AssignmentView = Type.Object({
  id: Id,
  ...assignmentFields,
  scope: Scope,
  /** Id of a user, or `setup`, `file`, `oidc`. */
  grantedBy: Id,
})
/** `GET /assignments?user=&role=`; those of a user include the groups'. */
export const AssignmentQuery = Type.Object({ user: Type.Optional(Id), role: Type.Optional(Id) })
export const AssignmentList = Type.Object({ assignments: Type.Array(AssignmentView), names: Names })
/** `POST /assignments` -> AssignmentView, 201; `DELETE /assignments/:id` -> Done. */
export const AssignmentCreate = Type.Object({ ...assignmentFields, scope: Type.Optional(Scope) })

const separationFields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  /** `static`: roles that one person may not hold together. `dynamic`: capabilities not to be used on one object. */
  kind: Type.Enum(['static', 'dynamic']),
  members: Type.Array(Id, { minItems: 2, maxItems: 100 }),
  max: Type.Integer({ minimum: 1 }),
}
export const SeparationView = Type.Object({ id: Id, ...separationFields })
export const SeparationList = Type.Object({ separations: Type.Array(SeparationView) })
/** `POST /separations` -> SeparationView, 201; `DELETE /separations/:id` -> Done. */
export const SeparationCreate = Type.Object(separationFields)

/** What changed, so that what is shown of it is loaded anew. */
export const GovernanceNotice = Type.Object({
  /** `policy`: roles, groups, assignments, separations. `credentials`: sessions or tokens. */
  changed: Type.Enum(['policy', 'users', 'credentials']),
  policyVersion: Type.Integer(),
  /** Whose, where it is one user's. */
  user: Type.Optional(Id),
})

export type GovernanceNotice = Static<typeof GovernanceNotice>
export type RoleRule = Static<typeof RoleRule>
export type RoleView = Static<typeof RoleView>
export type RoleTree = Static<typeof RoleTree>
export type RoleCreate = Static<typeof RoleCreate>
export type RoleEdit = Static<typeof RoleEdit>
export type CapabilityList = Static<typeof CapabilityList>
export type EffectiveRights = Static<typeof EffectiveRights>
export type WhyQuestion = Static<typeof WhyQuestion>
export type Why = Static<typeof Why>
export type UserView = Static<typeof UserView>
export type UserQuery = Static<typeof UserQuery>
export type UserPage = Static<typeof UserPage>
export type UserCreate = Static<typeof UserCreate>
export type Invited = Static<typeof Invited>
export type GroupView = Static<typeof GroupView>
export type GroupEdit = Static<typeof GroupEdit>
export type AssignmentView = Static<typeof AssignmentView>
export type AssignmentQuery = Static<typeof AssignmentQuery>
export type AssignmentCreate = Static<typeof AssignmentCreate>
export type SeparationView = Static<typeof SeparationView>
export type SeparationCreate = Static<typeof SeparationCreate>
export type GroupList = Static<typeof GroupList>
export type AssignmentList = Static<typeof AssignmentList>
export type SeparationList = Static<typeof SeparationList>
