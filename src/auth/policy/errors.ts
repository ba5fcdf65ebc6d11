import { RefusedError } from '../../errors.ts'

const statuses = {
  FORBIDDEN: 403,
  GRANT_CEILING: 403,
  INVALID: 400,
  SEPARATION: 409,
  LAST_OWNER: 409,
  VERSION_CONFLICT: 409,
  IN_USE: 409,
  NOT_FOUND: 404,
} as const

export type PolicyRefusal = keyof typeof statuses

/** The error for a change of the policy that is refused, with words for the person who tried. */
export const refused = (
  code: PolicyRefusal,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): RefusedError => new RefusedError(statuses[code], code, message, details)
