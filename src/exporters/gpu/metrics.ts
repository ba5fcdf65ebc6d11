import { counter, gauge, type Exposition, type Metric } from '../../lib/exposition.ts'
import type { Card, GpuProcess, Values } from './card.ts'

const identity = ['gpu', 'uuid', 'vendor', 'name', 'pci_bus_id'] as const
const each = (name: string, help: string, ...more: string[]): Metric => gauge(name, help, ...identity, ...more)
const total = (name: string, help: string, ...more: string[]): Metric => counter(name, help, ...identity, ...more)

/** Families with one number per card, by the name of the value in a `Card`. */
export const values: Readonly<Record<keyof Values, Metric>> = {
  utilization: each('gpu_utilization_ratio', 'Share of the time in which the GPU was busy, 0 to 1.'),
  memoryUtilization: each(
    'gpu_memory_utilization_ratio',
    'Share of the time in which GPU memory was accessed, 0 to 1.',
  ),
  encoderUtilization: each('gpu_encoder_utilization_ratio', 'Share of the time in which the encoder was busy, 0 to 1.'),
  decoderUtilization: each('gpu_decoder_utilization_ratio', 'Share of the time in which the decoder was busy, 0 to 1.'),
  memoryUsed: each('gpu_memory_used_bytes', 'GPU memory in use.'),
  memoryFree: each('gpu_memory_free_bytes', 'GPU memory not in use.'),
  memoryReserved: each('gpu_memory_reserved_bytes', 'GPU memory that driver and firmware keep for themselves.'),
  memoryTotal: each('gpu_memory_total_bytes', 'GPU memory fitted.'),
  sharedMemoryUsed: each('gpu_shared_memory_used_bytes', 'System memory in use by the GPU.'),
  sharedMemoryTotal: each('gpu_shared_memory_total_bytes', 'System memory that the GPU may use.'),
  temperature: each('gpu_temperature_celsius', 'Temperature of the GPU (edge of the chip).'),
  hotspotTemperature: each('gpu_hotspot_temperature_celsius', 'Temperature of the hottest point of the chip.'),
  memoryTemperature: each('gpu_memory_temperature_celsius', 'Temperature of GPU memory.'),
  power: each('gpu_power_watts', 'Power drawn by the card.'),
  powerLimit: each('gpu_power_limit_watts', 'Power limit in force.'),
  energy: total('gpu_energy_joules_total', 'Energy used, from a meter in the hardware; absent where there is none.'),
  fanRatio: each('gpu_fan_speed_ratio', 'Fan speed as a share of the maximum; above 1 is possible.'),
  fanSpeed: each('gpu_fan_speed_rpm', 'Fan speed in revolutions per minute.'),
  performanceState: each('gpu_performance_state', 'Performance state: 0 is the fastest, 15 the slowest.'),
  pcieGeneration: each('gpu_pcie_link_generation', 'PCIe generation at which the link runs now.'),
  pcieGenerationMax: each('gpu_pcie_link_generation_max', 'Highest PCIe generation possible in this slot.'),
  pcieWidth: each('gpu_pcie_link_width', 'PCIe lanes in use now.'),
  pcieWidthMax: each('gpu_pcie_link_width_max', 'Most PCIe lanes possible in this slot.'),
  migEnabled: each('gpu_mig_enabled', 'Whether the GPU is split into MIG instances.'),
}

export const metrics = {
  info: each('gpu_info', 'A graphics card; always 1.', 'driver', 'driver_version', 'firmware_version'),
  cards: gauge('gpu_cards', 'Graphics cards that answered.', 'vendor'),
  suspended: each('gpu_suspended', 'Whether the kernel has powered the card down; its sensors are then left alone.'),
  clock: each('gpu_clock_hertz', 'Clock frequency now.', 'clock'),
  clockMax: each('gpu_clock_max_hertz', 'Highest clock frequency.', 'clock'),
  throttle: each('gpu_throttle_active', 'Whether this reason keeps the clocks down now.', 'reason'),
  throttled: total('gpu_throttle_seconds_total', 'Time in which this reason kept the clocks down.', 'reason'),
  ecc: total('gpu_ecc_errors_total', 'Memory errors found by ECC.', 'severity', 'scope'),
  process: gauge(
    'gpu_process_memory_bytes',
    'GPU memory held by a process, and the Ollama model it serves.',
    'gpu',
    'uuid',
    'vendor',
    'pid',
    'process_name',
    'model',
  ),
}

const valueNames = Object.keys(values) as (keyof Values)[]

/** Values of the labels that every per-card family carries. */
export const identityOf = (card: Card): string[] => [card.gpu, card.uuid, card.vendor, card.name, card.busId]

export function writeCard(card: Card, out: Exposition): void {
  const labels = identityOf(card)
  out.set(metrics.info, 1, ...labels, card.driver, card.driverVersion, card.firmware)
  out.set(metrics.suspended, card.suspended ? 1 : 0, ...labels)
  for (const name of valueNames) out.set(values[name], card.values[name], ...labels)
  writeEach(metrics.clock, card.clocks, labels, out)
  writeEach(metrics.clockMax, card.maxClocks, labels, out)
  writeEach(metrics.throttle, card.throttle, labels, out)
  writeEach(metrics.throttled, card.throttled, labels, out)
  for (const { severity, scope, count } of card.ecc) out.set(metrics.ecc, count, ...labels, severity, scope)
}

function writeEach(
  metric: Metric,
  numbers: Readonly<Record<string, number | undefined>>,
  labels: string[],
  out: Exposition,
): void {
  for (const key in numbers) out.set(metric, numbers[key], ...labels, key)
}

export function writeProcess(process: GpuProcess, out: Exposition): void {
  const { gpu, uuid, vendor, pid, name, model, memory } = process
  out.set(metrics.process, memory, gpu, uuid, vendor, pid, name, model)
}
