import type { ScenarioName } from './figures.ts'

/** How much of what a scenario does; times in seconds. */
export interface Profile {
  readonly seconds: number
  /** Live connections, and the time over which they are opened. */
  readonly sockets: number
  readonly ramp: number
  /** Acts per minute that everybody who watches is told of. */
  readonly acts: number
  /** People who ask the API, each about once a second. */
  readonly users: number
  /** Who reads the metrics, each about once a second. */
  readonly scrapers: number
  /** Times after the start at which all connections are cut. */
  readonly cuts: readonly number[]
}

const nothing: Profile = { seconds: 60, sockets: 0, ramp: 0, acts: 0, users: 0, scrapers: 0, cuts: [] }
const socketsPerVu = 50

const full: Readonly<Record<ScenarioName, Profile>> = {
  'fan-out': { ...nothing, sockets: 1000, ramp: 10, acts: 60 },
  rest: { ...nothing, users: 50 },
  exporters: { ...nothing, scrapers: 10 },
  'reconnect-storm': { ...nothing, sockets: 1000, ramp: 10, acts: 60, cuts: [20, 40] },
  soak: { ...nothing, seconds: 600, sockets: 200, ramp: 10, acts: 12, users: 10, scrapers: 1 },
}

const quick: Readonly<Record<ScenarioName, Profile>> = {
  'fan-out': { ...full['fan-out'], seconds: 12, sockets: 100, ramp: 2 },
  rest: { ...full.rest, seconds: 8, users: 10 },
  exporters: { ...full.exporters, seconds: 8 },
  'reconnect-storm': { ...full['reconnect-storm'], seconds: 14, sockets: 100, ramp: 2, cuts: [6] },
  soak: { ...full.soak, seconds: 20, sockets: 50, ramp: 2, acts: 60, users: 5 },
}

/** The profile of a scenario; `seconds` in the place of its own, unless it is cut at certain times. */
export function profileOf(scenario: ScenarioName, isQuick: boolean, seconds?: number): Profile {
  const profile = (isQuick ? quick : full)[scenario]
  return seconds === undefined || profile.cuts.length > 0 ? profile : { ...profile, seconds }
}

/** How many of k6's users hold so many sockets, and how many each. */
export function spread(sockets: number): { readonly vus: number; readonly each: number } {
  const vus = Math.max(1, Math.ceil(sockets / socketsPerVu))
  return { vus, each: Math.ceil(sockets / vus) }
}
