import * as units from '@grafana/grafana-foundation-sdk/units'

/** Units that Grafana knows; one that it does not know does not compile. */
export type Unit = Extract<(typeof units)[keyof typeof units], string>

/** The units that boards use. Base units throughout: seconds, bytes, shares from 0 to 1. */
export const unit = {
  none: units.NoUnit,
  count: units.Short,
  share: units.PercentUnit,
  bytes: units.BytesIEC,
  bytesPerSecond: units.BytesPerSecondIEC,
  seconds: units.Seconds,
  duration: units.DurationSeconds,
  perSecond: units.CountsPerSecond,
  requests: units.RequestsPerSecond,
  packets: units.PacketsPerSecond,
  messages: units.MessagesPerSecond,
  watts: units.Watt,
  celsius: units.Celsius,
  hertz: units.Hertz,
  text: units.String,
  yesNo: units.BoolYesNo,
} as const

/** Every unit there is, for the test. */
export const allUnits: ReadonlySet<string> = new Set(Object.values(units).filter((value) => typeof value === 'string'))
