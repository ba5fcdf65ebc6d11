/** The source does not exist on this machine (no such kernel file, no such hardware): not a fault, and not worth a log line. */
export class UnavailableError extends Error {
  readonly code = 'UNAVAILABLE'
}

/** A configured value is wrong; the message is the one line that the person who set it needs. Exit code 2. */
export class ConfigError extends Error {
  readonly code = 'CONFIG'
}

/** Starting cannot go on for a reason outside Aura; the message says what to do. Exit code 1. */
export class StartError extends Error {
  readonly code = 'START'
}

/** What was asked for cannot be done as it stands; the message is for whoever asked. */
export class InvalidRequestError extends Error {
  readonly code = 'INVALID'
  readonly statusCode = 400
}

/** Refused, in fixed words for whoever asked; `details` are sent along with the code, for programs. */
export class RefusedError extends Error {
  readonly statusCode: number
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(statusCode: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.statusCode = statusCode
    this.code = code
    this.details = details
  }
}
