import type { ColumnType, Generated } from 'kysely'

/** Whoever has, or had, an account. */
export interface UserTable {
  id: string
  login: string | null
  login_key: string | null
  login_skeleton: string | null
  name: string
  email: string | null
  state: string
  created_at: Date
  last_seen_at: Date | null
}

/** A user's password, hashed. */
export interface CredentialTable {
  user_id: string
  hash: string
  changed_at: Date
}

/** Who a user is elsewhere. */
export interface ExternalIdentityTable {
  issuer: string
  subject: string
  user_id: string
  method: string
  created_at: Date
  last_used_at: Date | null
}

export interface SessionTable {
  id: string
  hash: string
  user_id: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
  authenticated_at: Date
  method: string
  ip: string
  agent: string
  csrf: string
  roles: string
}

export interface TokenTable {
  id: string
  hash: string
  user_id: string
  name: string
  /** JSON list. */
  scopes: string | null
  created_at: Date
  created_by: string
  expires_at: Date | null
  last_used_at: Date | null
}

/** A link that lets somebody choose a password: for the first owner, or for the user it names. */
export interface InvitationTable {
  hash: string
  user_id: string | null
  created_at: Date
  expires_at: Date | null
}

/** Grows with whatever ends a session or token. */
export interface IdentityVersionTable {
  singleton: Generated<boolean>
  version: ColumnType<string, number | undefined, number>
}

export interface IdentitySchema {
  'aura.user': UserTable
  'aura.credential': CredentialTable
  'aura.external_identity': ExternalIdentityTable
  'aura.session': SessionTable
  'aura.token': TokenTable
  'aura.invitation': InvitationTable
  'aura.identity_version': IdentityVersionTable
}
