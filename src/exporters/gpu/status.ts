import { counter, gauge, type Exposition } from '../../lib/exposition.ts'
import type { Vendor } from './card.ts'
import { states, type Fault, type State } from './state.ts'

export const metrics = {
  up: gauge('gpu_up', 'Whether the GPUs of this vendor can be read.', 'vendor'),
  state: gauge('gpu_state', 'State of the GPUs of this vendor; 1 for the one that holds.', 'vendor', 'state'),
  fault: gauge('gpu_fault_info', 'Why the GPUs of this vendor cannot be read; always 1.', 'vendor', 'reason'),
  age: gauge('gpu_reading_age_seconds', 'Age of the values shown for this vendor.', 'vendor'),
  duration: gauge('gpu_poll_duration_seconds', 'Time that the last poll of this vendor took.', 'vendor'),
  exitCode: gauge('gpu_poll_exit_code', 'Exit code of the last poll, where a program was asked.', 'vendor'),
  failures: counter('gpu_poll_failures_total', 'Polls of this vendor that failed.', 'vendor'),
}

/** The state of one vendor's GPUs, for the `state` collector. */
export interface Status {
  readonly vendor: Vendor
  /** Undefined while the first answer is still awaited. */
  readonly state: State | undefined
  readonly fault?: Fault | undefined
  /** Seconds; undefined if no values are shown. */
  readonly age?: number | undefined
  readonly duration?: number | undefined
  readonly exitCode?: number | undefined
  readonly failures?: number | undefined
}

/** A vendor that is not there is one series; one that is there, or was, is told in full. */
export function writeStatus(status: Status, out: Exposition): void {
  const { vendor, state, fault } = status
  if (state === 'absent' && fault?.reason === 'not_found') {
    out.set(metrics.state, 1, vendor, state)
    return
  }
  for (const each of states) out.set(metrics.state, each === state ? 1 : 0, vendor, each)
  if (state !== undefined) out.set(metrics.up, state === 'ok' ? 1 : 0, vendor)
  if (fault !== undefined) out.set(metrics.fault, 1, vendor, fault.reason)
  out.set(metrics.age, status.age, vendor)
  out.set(metrics.duration, status.duration, vendor)
  out.set(metrics.exitCode, status.exitCode, vendor)
  out.set(metrics.failures, status.failures, vendor)
}
