import type { Capability } from '../capabilities.ts'

export type Effect = 'allow' | 'deny'

/**
 * What a rule or an assignment reaches: `*`, an object such as `model:llama3.2:3b`, or all whose name begins alike
 * (`model:llama*`, `user:*`).
 */
export type Scope = string

export interface Rule {
  readonly capability: Capability
  readonly effect: Effect
  readonly scope: Scope
}

/** A role of the tree. A parent may do whatever its children may; its own rules come on top. */
export interface Role {
  /** Lower case, digits and hyphens. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** The senior role that inherits from this one; undefined for a root. */
  readonly parent: string | undefined
  /** 0 to 100; never above the parent's. Nobody grants a role as trusted as their own, owners excepted. */
  readonly trust: number
  readonly rules: readonly Rule[]
  /** Holds every capability, those of later versions too. Only the role `owner` does. */
  readonly everything: boolean
  /** Shipped with Aura: may be edited, but not deleted. */
  readonly builtIn: boolean
  /** Grows with each change; an edit names the version that it saw. */
  readonly version: number
}

export type SubjectKind = 'user' | 'group'

export interface Assignment {
  readonly id: string
  readonly subject: { readonly kind: SubjectKind; readonly id: string }
  readonly role: string
  readonly scope: Scope
  /** ms since the epoch; from that very moment on it counts no more. */
  readonly expiresAt: number | undefined
  /** Id of a user, or `setup`, `file`, `oidc`. */
  readonly grantedBy: string
}

export interface Group {
  readonly id: string
  readonly name: string
  /** Ids of users. */
  readonly members: readonly string[]
}

/** Roles of which one person may hold (static) or use on one object (dynamic) at most `max`. */
export interface Separation {
  readonly id: string
  readonly name: string
  readonly kind: 'static' | 'dynamic'
  /** Ids of roles for a static set, capabilities for a dynamic one. */
  readonly members: readonly string[]
  readonly max: number
}

/** All that decisions rest on, as it stood at one version. */
export interface Policy {
  readonly version: number
  readonly roles: readonly Role[]
  readonly assignments: readonly Assignment[]
  readonly groups: readonly Group[]
  readonly separations: readonly Separation[]
}

/** An answer, with why. It is what the page shows and what the audit log keeps. */
export interface Decision {
  readonly allow: boolean
  readonly capability: Capability
  readonly object: string | undefined
  readonly reason: 'allowed' | 'everything' | 'denied' | 'no rule' | 'not in scope' | 'separation' | 'not delegated'
  /** The rule that decided, and the role that holds it. */
  readonly rule: (Rule & { readonly role: string }) | undefined
  /** From the assigned role down to the one that holds the rule; empty when no rule applies. */
  readonly path: readonly string[]
  /** The assignment through which the first role of the path is held. */
  readonly assignment: string | undefined
  readonly policyVersion: number
}

/** A policy made fast to ask. Times are ms since the epoch. */
export interface CompiledPolicy {
  readonly policy: Policy
  /**
   * Explicit deny before allow before the default, which is deny. Without an object: whether there is anything on which
   * the user holds the capability; routes ask so first, and then again with the object.
   */
  decide(userId: string, capability: Capability, object: string | undefined, now: number): Decision
  /** What decide() would allow without an object. */
  capabilitiesOf(userId: string, now: number): ReadonlySet<Capability>
  /** Roles held at this time, directly or by a group; inherited ones not repeated. */
  rolesOf(userId: string, now: number): readonly string[]
  /** Highest trust among them; -1 without a role. */
  trustOf(userId: string, now: number): number
  /** Ids of users who could grant this capability to somebody: to tell whom to ask. */
  whoCanGrant(capability: Capability, now: number): readonly string[]
  /** When the next assignment expires after `now`, so that open connections are asked again then. */
  nextExpiry(now: number): number | undefined
}
