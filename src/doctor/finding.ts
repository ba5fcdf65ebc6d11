import type { Config } from '../config/schema.ts'

/** One line of the doctor's table. `note` is worth knowing and no fault; `wrong` makes the exit code 1. */
export interface Finding {
  readonly what: string
  readonly state: 'ok' | 'note' | 'wrong'
  readonly found: string
  /** What to do about it, where there is something to do. */
  readonly mend?: string
}

/** Looks at one thing and says what it found; never throws for what it looks at, never takes longer than a few seconds. */
export type Examination = (config: Config, env: NodeJS.ProcessEnv) => Promise<readonly Finding[]>
