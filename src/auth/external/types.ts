/** Somebody for whom a provider or a proxy vouches. */
export interface ExternalPerson {
  readonly issuer: string
  /** Never changes there, and is never given to somebody else. */
  readonly subject: string
  /** For people to read. */
  readonly name: string
  /** Names to sign in with that a new account may get, the best first. */
  readonly logins: readonly string[]
  /** Verified, or absent. */
  readonly email: string | undefined
  /** Groups over there. */
  readonly groups: readonly string[]
}

/** What those who come in this way become here. */
export interface ExternalRules {
  readonly method: 'oidc' | 'proxy'
  readonly autoCreate: boolean
  /** By what somebody who is new gets an account that exists. */
  readonly linkBy: 'email' | 'login' | undefined
  readonly defaultRole: string
  /** Group over there -> id of a role. */
  readonly roleMap: Readonly<Record<string, string>>
  /** Group over there -> name of a group here. */
  readonly groupMap: Readonly<Record<string, string>>
}
