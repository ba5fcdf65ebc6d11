import type { Recorded } from './recording.ts'

/** Periods in seconds and shares of the waves that make up activity. */
const waves = [
  [197, 0.3],
  [53, 0.14],
  [13, 0.06],
] as const

/** How busy the simulated GPU is at a time (s), 0 to 1; smooth. With `lag` (s) it follows as heat does. */
export function activityAt(time: number, lag = 0): number {
  let activity = 0.5
  for (const [period, share] of waves) {
    const pulse = (2 * Math.PI) / period
    const damping = Math.hypot(1, pulse * lag)
    activity += (share / damping) * Math.sin(pulse * time - Math.atan(pulse * lag))
  }
  return activity
}

/** The answer between idle and load: numbers in proportion, words by which side is nearer. */
export function between(recorded: Recorded, activity: number): string {
  if (typeof recorded === 'string') return recorded
  const [idle, load] = recorded
  const [, from, unit] = /^(\d+(?:\.\d+)?)( \S+)?$/.exec(idle) ?? []
  const [, to] = /^(\d+(?:\.\d+)?)( \S+)?$/.exec(load) ?? []
  if (from === undefined || to === undefined) return activity < 0.05 ? idle : load
  const decimals = from.split('.')[1]?.length ?? 0
  const value = Number(from) + (Number(to) - Number(from)) * activity
  return value.toFixed(decimals) + (unit ?? '')
}
