import type { ScenarioName } from './figures.ts'
import { profileOf, type Profile } from './profiles.ts'

// What `npm run load` hands in; a script that k6 runs by itself finds Aura where it usually is.

const { AURA_LOAD_URL, AURA_LOAD_METRICS_URL, AURA_LOAD_TOKEN_FILE, AURA_LOAD_ACTS, AURA_LOAD_QUICK } = __ENV
const { AURA_LOAD_SECONDS, AURA_LOAD_SUMMARY } = __ENV

/** Console and API, without a slash at the end. */
export const baseUrl = AURA_LOAD_URL ?? 'http://127.0.0.1:8080'
export const metricsUrl = AURA_LOAD_METRICS_URL ?? 'http://127.0.0.1:9464'

/** Whether audited acts may be done: they stay in the audit log for ever. */
export const acting = AURA_LOAD_ACTS === 'yes'

/** Where all figures of the run are written. */
export const summaryFile: string | undefined = AURA_LOAD_SUMMARY

const tokens = AURA_LOAD_TOKEN_FILE === undefined ? [] : open(AURA_LOAD_TOKEN_FILE).split(/\s+/).filter(Boolean)
/** Connections that one account may have. */
const perAccount = 5

/** Headers of the user with this number; without tokens there are no accounts, and nobody has to say who it is. */
export function headersOf(user: number): Record<string, string> {
  const token = tokens[user % Math.max(1, tokens.length)]
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}

/** The profile that was asked for, with no more sockets than the accounts may have. */
export function profile(scenario: ScenarioName): Profile {
  const seconds = AURA_LOAD_SECONDS === undefined ? undefined : Number(AURA_LOAD_SECONDS)
  const wanted = profileOf(scenario, AURA_LOAD_QUICK === 'yes', seconds)
  return tokens.length === 0 ? wanted : { ...wanted, sockets: Math.min(wanted.sockets, tokens.length * perAccount) }
}
