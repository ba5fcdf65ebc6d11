import { activityAt, between } from './activity.ts'
import { afflict } from './conditions.ts'
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

/** Memory in use beside what firmware keeps, MiB; a card has no more than it has. */
function hold(cells: Map<string, string>, used: number): void {
  const total =
    Number.parseInt(cells.get('memory.total') ?? '', 10) -
    (Number.parseInt(cells.get('memory.reserved') ?? '', 10) || 0)
  if (!Number.isFinite(total)) return
  const held = Math.min(total, used)
  cells.set('memory.used', `${held} MiB`).set('memory.free', `${total - held} MiB`)
}

/** What a card answers at a time. */
export function snapshot(recording: Recording, { mode, activity, memory, present = [] }: Scene, time: Date): Snapshot {
  const seconds = time.getTime() / 1000
  const now = activity ?? activityAt(seconds)
  const warmth = activity ?? activityAt(seconds, thermalLag)
  const level = (field: string): number => {
    if (mode === 'idle') return 0
    if (mode !== 'vary' || steady.test(field)) return 1
    return /temperature|fan/.test(field) ? warmth : now
  }
  const cells = new Map(Object.entries(recording.fields).map(([field, value]) => [field, between(value, level(field))]))
  if (memory !== undefined) hold(cells, memory)
  afflict(cells, present, seconds)
  const stamp = time.toISOString().replace('T', ' ').replaceAll('-', '/').replace('Z', '')
  return { recording, cells: cells.set('timestamp', stamp), busy: mode !== 'idle', time }
}
