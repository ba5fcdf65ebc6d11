import type { Fault } from '../state.ts'

/** A poll of nvidia-smi that failed in a way with a name. */
export class SmiError extends Error {
  readonly fault: Fault
  readonly exitCode: number | undefined

  constructor(state: Fault['state'], reason: string, message: string, exitCode?: number) {
    super(message)
    this.fault = { state, reason, message }
    this.exitCode = exitCode
  }
}

/** What one run of nvidia-smi printed. */
export interface Output {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Exit codes by the manual of nvidia-smi. 14 warns of a corrupted infoROM, and all the values are there. */
const good = new Set([0, 14])
const byCode = new Map<number, readonly [Fault['state'], string]>([
  [4, ['permission', 'permission_denied']],
  [6, ['absent', 'no_devices']],
  [8, ['driver_error', 'power_cable']],
  [9, ['driver_error', 'driver_unreachable']],
  [10, ['driver_error', 'interrupt']],
  [12, ['driver_error', 'library_missing']],
  [13, ['driver_error', 'library_mismatch']],
  [15, ['driver_error', 'gpu_lost']],
])
/** Some versions say these with another exit code, 0 included; they always come on a line of their own. */
const byText: readonly (readonly [RegExp, Fault['state'], string])[] = [
  [/^No devices were found/m, 'absent', 'no_devices'],
  [/couldn't communicate with the NVIDIA driver/, 'driver_error', 'driver_unreachable'],
  [/^Failed to initialize NVML: Driver\/library version mismatch/m, 'driver_error', 'library_mismatch'],
  [/^Failed to initialize NVML: Insufficient Permissions/m, 'permission', 'permission_denied'],
  [/^Failed to initialize NVML/m, 'driver_error', 'driver_unreachable'],
  [/^Unable to determine the device handle/m, 'driver_error', 'gpu_lost'],
]

/** Returns what was printed, or throws the fault that exit code or text tell of. */
export function checked({ stdout, stderr, exitCode }: Output): string {
  const said = `${stdout}\n${stderr}`
  const first = said.split('\n').find((line) => line.trim() !== '') ?? ''
  const message = `nvidia-smi exited with code ${exitCode}: ${first.slice(0, 200)}`
  for (const [pattern, state, reason] of byText) {
    if (pattern.test(said)) throw new SmiError(state, reason, message, exitCode)
  }
  if (good.has(exitCode)) return stdout
  const [state, reason] = byCode.get(exitCode) ?? (['driver_error', 'exit_code'] as const)
  throw new SmiError(state, reason, message, exitCode)
}

export const garbage = (what: string): SmiError =>
  new SmiError('garbage', 'unreadable_output', `nvidia-smi printed something unreadable: ${what}`)
