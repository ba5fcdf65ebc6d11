/** ok, or how bad. */
export type Level = 'ok' | 'warning' | 'critical'
