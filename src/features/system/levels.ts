import type { SystemMetrics } from './contract.ts'
import type { SystemConfig } from './config.ts'

export type Level = SystemMetrics['filesystems'][number]['level']

export interface Threshold {
  readonly warning: number
  readonly critical: number
}

const order: readonly Level[] = ['ok', 'warning', 'critical']

/** How bad a value is. */
export const levelOf = (value: number, { warning, critical }: Threshold): Level =>
  value >= critical ? 'critical' : value >= warning ? 'warning' : 'ok'

/** The worst of several; undefined where there is none. */
export const worst = (levels: readonly Level[]): Level | undefined => order.findLast((level) => levels.includes(level))

/** Level of a value that counts only once it has been that bad for `ms`; times are monotonic ms. */
export function createSustained(ms: number): (value: number, threshold: Threshold, now: number) => Level {
  const since = { warning: Number.NaN, critical: Number.NaN }
  return (value, threshold, now) => {
    let level: Level = 'ok'
    for (const each of ['warning', 'critical'] as const) {
      if (value < threshold[each]) since[each] = Number.NaN
      else if (Number.isNaN(since[each])) since[each] = now
      if (now - since[each] >= ms) level = each
    }
    return level
  }
}

/** Level of a sensor: by its own critical temperature where it tells one, else by the configured ones. */
export function temperatureLevel(celsius: number, critical: number | undefined, config: SystemConfig): Level {
  if (critical === undefined) return levelOf(celsius, config.temperatures)
  return levelOf(celsius, { critical, warning: critical - config.temperature_margin })
}
