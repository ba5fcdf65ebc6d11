const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

/** s of a duration as Prometheus and Grafana write it, such as `1h30m`; undefined if it is none. */
export function seconds(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (unit === 'ms' ? 0.001 : (units[unit] ?? 0)),
    0,
  )
}

/** Writes s the way a query wants them: whole, and at least one. */
export const promDuration = (value: number): string => `${Math.max(1, Math.round(value))}s`
