import { duration } from '../ui/format.ts'

/** ` Try again in 12 s.`, where the server said when; else nothing. Seconds. */
export const waitText = (retryAfter: number | undefined): string =>
  retryAfter === undefined ? '' : ` Try again in ${duration(Math.max(1, Math.ceil(retryAfter)))}.`
