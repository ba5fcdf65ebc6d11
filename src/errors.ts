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
