import { Type, type TString } from 'typebox'

/** A span of time as Prometheus writes it: `500ms`, `10s`, `5m`, `1h`, `7d`. Read it with `parseDuration`. */
export const duration = (value: string, description: string): TString =>
  Type.String({ default: value, description, format: 'duration', pattern: '^[0-9]+(ms|s|m|h|d)$' })

/** A value that `config print` hides and that `AURA_…_FILE` may supply. */
export const secret = (description: string): TString => Type.String({ default: '', description, secret: true })
