import { readFileSync } from 'node:fs'

/** What one machine answered. A pair is the answer when idle and under load. */
export interface Recording {
  readonly fields: Readonly<Record<string, Recorded>>
  /** Compute processes under load. */
  readonly processes: readonly { readonly pid: number; readonly name: string; readonly memory: string }[]
  readonly mig: readonly RecordedMigDevice[]
}

export type Recorded = string | readonly [idle: string, load: string]

export interface RecordedMigDevice {
  readonly index: number
  readonly gpu_instance_id: number
  readonly compute_instance_id: number
  readonly profile: string
  readonly uuid: string
  /** MiB, under load. */
  readonly memory: Readonly<Record<'total' | 'reserved' | 'used' | 'free', number>>
}

/** Recorded machines; `gt-1030` stands for an old driver that cannot tell much, in every spelling of "no value". */
export const machines = ['rtx-4080-super', 'h200', 'h200-mig', 'gt-1030'] as const
export type Machine = (typeof machines)[number]

export function loadRecording(machine: Machine): Recording {
  const raw: Partial<Recording> & { extends?: Machine } = JSON.parse(
    readFileSync(`${import.meta.dirname}/${machine}.json`, 'utf8'),
  )
  const base = raw.extends === undefined ? undefined : loadRecording(raw.extends)
  return {
    fields: { ...base?.fields, ...raw.fields },
    processes: raw.processes ?? base?.processes ?? [],
    mig: raw.mig ?? base?.mig ?? [],
  }
}
