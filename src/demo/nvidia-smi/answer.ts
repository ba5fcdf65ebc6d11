import { activityAt, between } from './activity.ts'
import type { Recording } from './recording.ts'
import type { Scene } from './scene.ts'

/** A recording at one moment: one value per field. */
export interface Snapshot {
  readonly recording: Recording
  readonly cells: ReadonlyMap<string, string>
  readonly busy: boolean
  readonly time: Date
}

/** Temperatures follow the work slowly. */
const thermalLag = 45

/** Fields whose value stays put while work comes and goes, as memory does while a model is loaded. */
const steady = /^(memory|pcie|encoder)\./

export function snapshot(recording: Recording, { mode, activity }: Scene, time: Date): Snapshot {
  const seconds = time.getTime() / 1000
  const now = activity ?? activityAt(seconds)
  const warmth = activity ?? activityAt(seconds, thermalLag)
  const level = (field: string): number => {
    if (mode === 'idle') return 0
    if (mode !== 'vary' || steady.test(field)) return 1
    return /temperature|fan/.test(field) ? warmth : now
  }
  const cells = new Map(Object.entries(recording.fields).map(([field, value]) => [field, between(value, level(field))]))
  const stamp = time.toISOString().replace('T', ' ').replaceAll('-', '/').replace('Z', '')
  return { recording, cells: cells.set('timestamp', stamp), busy: mode !== 'idle', time }
}
