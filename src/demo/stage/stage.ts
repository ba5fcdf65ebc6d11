import type { Control } from '../ollama/control.ts'
import type { CheckpointReceiver } from './checkpoints.ts'
import type { DemoDatabase } from './database.ts'
import type { GpuScene } from './gpu.ts'
import type { Site } from './site.ts'

/** What traffic plays on, and faults spoil. */
export interface Stage {
  readonly ollama: { readonly url: string; readonly control: Control }
  readonly gpu: GpuScene
  /** Undefined where PostgreSQL is somebody's own: nothing is played there. */
  readonly database: DemoDatabase | undefined
  readonly site: Site
  /** Undefined where checkpoints go to somewhere of their own. */
  readonly checkpoints: CheckpointReceiver | undefined
  /** Absolute; the demonstration's own. */
  readonly directory: string
}
