export type PolicyErrorCode =
  | 'FORBIDDEN'
  | 'GRANT_CEILING'
  | 'CONSTRAINT'
  | 'LAST_OWNER'
  | 'VERSION_CONFLICT'
  | 'NOT_FOUND'
  | 'IN_USE'

const statuses: Readonly<Record<PolicyErrorCode, number>> = {
  FORBIDDEN: 403,
  GRANT_CEILING: 403,
  CONSTRAINT: 422,
  LAST_OWNER: 409,
  VERSION_CONFLICT: 409,
  NOT_FOUND: 404,
  IN_USE: 409,
}

/** A change of the policy that is refused; the message says why in words for the person who tried. */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode
  readonly statusCode: number

  constructor(code: PolicyErrorCode, message: string) {
    super(message)
    this.code = code
    this.statusCode = statuses[code]
  }
}
