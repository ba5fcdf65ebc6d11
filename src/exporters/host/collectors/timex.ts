import { arch, endianness, platform } from 'node:os'
import { UnavailableError } from '../../../errors.ts'
import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'

export const metrics = {
  syncStatus: gauge('node_timex_sync_status', 'Is clock synchronized to a reliable server (1 = yes, 0 = no).'),
  offset: gauge('node_timex_offset_seconds', 'Time offset in between local system and reference clock.'),
  frequency: gauge('node_timex_frequency_adjustment_ratio', 'Local clock frequency adjustment.'),
  maxError: gauge('node_timex_maxerror_seconds', 'Maximum error in seconds.'),
  estimatedError: gauge('node_timex_estimated_error_seconds', 'Estimated error in seconds.'),
  status: gauge('node_timex_status', 'Value of the status array bits.'),
  loopConstant: gauge('node_timex_loop_time_constant', 'Phase-locked loop time constant.'),
  tick: gauge('node_timex_tick_seconds', 'Seconds between clock ticks.'),
  ppsFrequency: gauge('node_timex_pps_frequency_hertz', 'Pulse per second frequency.'),
  ppsJitter: gauge('node_timex_pps_jitter_seconds', 'Pulse per second jitter.'),
  ppsShift: gauge('node_timex_pps_shift_seconds', 'Pulse per second interval duration.'),
  ppsStability: gauge(
    'node_timex_pps_stability_hertz',
    'Pulse per second stability, average of recent frequency changes.',
  ),
  ppsJitterCount: counter('node_timex_pps_jitter_total', 'Pulse per second count of jitter limit exceeded events.'),
  ppsCalibrations: counter('node_timex_pps_calibration_total', 'Pulse per second count of calibration intervals.'),
  ppsErrors: counter('node_timex_pps_error_total', 'Pulse per second count of calibration errors.'),
  ppsStabilityExceeded: counter(
    'node_timex_pps_stability_exceeded_total',
    'Pulse per second count of stability limit exceeded events.',
  ),
  taiOffset: gauge('node_timex_tai_offset_seconds', 'International Atomic Time (TAI) offset.'),
}

/** The kernel's clock discipline, in the units of the metrics. */
export type Timex = { readonly [K in keyof typeof metrics]: number }

/** Size of `struct timex` on 64-bit Linux. */
const timexBytes = 208
/** Return value TIME_ERROR: the clock follows no source. */
const timeError = 5
/** Status bit STA_NANO: offset and jitter are in nanoseconds. */
const staNano = 0x2000
/** Frequencies are parts per million with a 16-bit fraction. */
const scaledPpm = 1e6 * 65536

/** Reads `struct timex` (64-bit layout, every field on an 8-byte boundary) as adjtimex(2) left it. */
export function parseTimex(bytes: Buffer, state: number, littleEndian = true): Timex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, timexBytes)
  const int = (at: number): number => view.getInt32(at, littleEndian)
  const long = (at: number): number => Number(view.getBigInt64(at, littleEndian))
  const status = int(40)
  const fraction = (status & staNano) === 0 ? 1e6 : 1e9
  return {
    syncStatus: state === timeError ? 0 : 1,
    offset: long(8) / fraction,
    frequency: 1 + long(16) / scaledPpm,
    maxError: long(24) / 1e6,
    estimatedError: long(32) / 1e6,
    status,
    loopConstant: long(48),
    tick: long(88) / 1e6,
    ppsFrequency: long(96) / scaledPpm,
    ppsJitter: long(104) / fraction,
    ppsShift: int(112),
    ppsStability: long(120) / scaledPpm,
    ppsJitterCount: long(128),
    ppsCalibrations: long(136),
    ppsErrors: long(144),
    ppsStabilityExceeded: long(152),
    taiOffset: int(160),
  }
}

type Adjtimex = (timex: Buffer) => number

/** Kinds of machine whose `struct timex` has the layout above. */
const longIs64Bit: ReadonlySet<string> = new Set(['x64', 'arm64', 'ppc64', 'riscv64', 's390x', 'loong64'])

async function loadAdjtimex(): Promise<Adjtimex> {
  if (platform() !== 'linux' || !longIs64Bit.has(arch())) {
    throw new UnavailableError(`adjtimex is read on 64-bit Linux only, not on ${platform()} ${arch()}`)
  }
  try {
    const { default: koffi } = await import('koffi')
    // No name: the C library that Node itself runs on, be it glibc or musl.
    return koffi.load(null).func('adjtimex', 'int', ['void *'])
  } catch (cause) {
    throw new UnavailableError(`koffi cannot call adjtimex here: ${(cause as Error).message}`, { cause })
  }
}

/** State of the kernel clock by adjtimex(2), asked without changing anything (modes = 0). */
export function createTimex(load: () => Promise<Adjtimex> = loadAdjtimex): Collector<Timex> {
  let adjtimex: Promise<Adjtimex> | undefined
  const bytes = Buffer.alloc(timexBytes)
  return {
    name: 'timex',
    async read() {
      const call = await (adjtimex ??= load())
      bytes.fill(0)
      const state = call(bytes)
      if (state < 0) throw new UnavailableError('adjtimex is refused to this process')
      return parseTimex(bytes, state, endianness() === 'LE')
    },
    write(reading, out) {
      for (const key of Object.keys(metrics) as (keyof Timex)[]) out.set(metrics[key], reading[key])
    },
  }
}
