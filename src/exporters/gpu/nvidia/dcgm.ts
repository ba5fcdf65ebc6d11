import { counter, gauge, type Exposition, type Metric } from '../../../lib/exposition.ts'
import { flag, known, number, numeric } from './cell.ts'
import type { Cells } from './csv.ts'

/**
 * `hostname` is what dcgm-exporter writes today, `Hostname` what older boards select by: both are given. Profiling
 * fields (DCGM_FI_PROF_*) cannot come from nvidia-smi and stay absent.
 */
const labels = ['gpu', 'UUID', 'pci_bus_id', 'device', 'modelName', 'Hostname', 'hostname', 'DCGM_FI_DRIVER_VERSION']
const g = (name: string, help: string): Metric => gauge(`DCGM_FI_DEV_${name}`, help, ...labels)
const c = (name: string, help: string): Metric => counter(`DCGM_FI_DEV_${name}`, help, ...labels)

export const metrics = {
  smClock: g('SM_CLOCK', 'SM clock frequency (in MHz).'),
  memClock: g('MEM_CLOCK', 'Memory clock frequency (in MHz).'),
  memoryTemp: g('MEMORY_TEMP', 'Memory temperature (in C).'),
  gpuTemp: g('GPU_TEMP', 'GPU temperature (in C).'),
  powerUsage: g('POWER_USAGE', 'Power draw (in W).'),
  gpuUtil: g('GPU_UTIL', 'GPU utilization (in %).'),
  memCopyUtil: g('MEM_COPY_UTIL', 'Memory utilization (in %).'),
  encUtil: g('ENC_UTIL', 'Encoder utilization (in %).'),
  decUtil: g('DEC_UTIL', 'Decoder utilization (in %).'),
  fbTotal: g('FB_TOTAL', 'Framebuffer memory fitted (in MiB).'),
  fbFree: g('FB_FREE', 'Framebuffer memory free (in MiB).'),
  fbUsed: g('FB_USED', 'Framebuffer memory used (in MiB).'),
  fbReserved: g('FB_RESERVED', 'Framebuffer memory reserved (in MiB).'),
  fanSpeed: g('FAN_SPEED', 'Fan speed (in %).'),
  pstate: g('PSTATE', 'Performance state, 0 to 15.'),
  powerLimit: g('POWER_MGMT_LIMIT', 'Power limit (in W).'),
  clockReasons: g('CLOCK_THROTTLE_REASONS', 'Bit mask of the reasons that hold the clocks down.'),
  eccSbeVolatile: c('ECC_SBE_VOL_TOTAL', 'Single-bit volatile ECC errors.'),
  eccDbeVolatile: c('ECC_DBE_VOL_TOTAL', 'Double-bit volatile ECC errors.'),
  eccSbeAggregate: c('ECC_SBE_AGG_TOTAL', 'Single-bit persistent ECC errors.'),
  eccDbeAggregate: c('ECC_DBE_AGG_TOTAL', 'Double-bit persistent ECC errors.'),
  retiredSbe: c('RETIRED_SBE', 'Pages retired for single-bit errors.'),
  retiredDbe: c('RETIRED_DBE', 'Pages retired for double-bit errors.'),
  retiredPending: c('RETIRED_PENDING', 'Pages pending retirement.'),
  uncorrectableRows: c('UNCORRECTABLE_REMAPPED_ROWS', 'Rows remapped for uncorrectable errors.'),
  correctableRows: c('CORRECTABLE_REMAPPED_ROWS', 'Rows remapped for correctable errors.'),
  rowRemapFailure: g('ROW_REMAP_FAILURE', 'Whether remapping of rows has failed.'),
}

/** Metric <- column of nvidia-smi, in the unit that both share. */
const plain: readonly (readonly [Metric, string])[] = [
  [metrics.smClock, 'clocks.current.sm'],
  [metrics.memClock, 'clocks.current.memory'],
  [metrics.memoryTemp, 'temperature.memory'],
  [metrics.gpuTemp, 'temperature.gpu'],
  [metrics.gpuUtil, 'utilization.gpu'],
  [metrics.memCopyUtil, 'utilization.memory'],
  [metrics.encUtil, 'utilization.encoder'],
  [metrics.decUtil, 'utilization.decoder'],
  [metrics.fbTotal, 'memory.total'],
  [metrics.fbFree, 'memory.free'],
  [metrics.fbUsed, 'memory.used'],
  [metrics.fbReserved, 'memory.reserved'],
  [metrics.fanSpeed, 'fan.speed'],
  [metrics.powerLimit, 'enforced.power.limit'],
  [metrics.clockReasons, 'clocks_event_reasons.active'],
  [metrics.eccSbeVolatile, 'ecc.errors.corrected.volatile.total'],
  [metrics.eccDbeVolatile, 'ecc.errors.uncorrected.volatile.total'],
  [metrics.eccSbeAggregate, 'ecc.errors.corrected.aggregate.total'],
  [metrics.eccDbeAggregate, 'ecc.errors.uncorrected.aggregate.total'],
  [metrics.retiredSbe, 'retired_pages.single_bit_ecc.count'],
  [metrics.retiredDbe, 'retired_pages.double_bit.count'],
  [metrics.uncorrectableRows, 'remapped_rows.uncorrectable'],
  [metrics.correctableRows, 'remapped_rows.correctable'],
]

/** Series of dcgm-exporter's default set, and its commented-out extras, as far as nvidia-smi knows them. */
export function writeDcgm(cell: Cells, hostname: string, out: Exposition): void {
  const index = known(cell('index')) ?? ''
  const identity = [
    index,
    known(cell('uuid')) ?? '',
    known(cell('pci.bus_id')) ?? '',
    `nvidia${index}`,
    known(cell('name')) ?? '',
    hostname,
    hostname,
    known(cell('driver_version')) ?? '',
  ]
  for (const [metric, column] of plain) out.set(metric, number(cell(column)), ...identity)
  const power = number(cell('power.draw')) ?? number(cell('power.draw.instant'))
  out.set(metrics.powerUsage, power, ...identity)
  out.set(metrics.pstate, numeric('pstate', cell('pstate')), ...identity)
  out.set(metrics.retiredPending, numeric('', cell('retired_pages.pending')), ...identity)
  out.set(metrics.rowRemapFailure, flag(cell('remapped_rows.failure')), ...identity)
}
