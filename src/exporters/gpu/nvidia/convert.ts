import type { Card, EccCount, Values } from '../card.ts'
import { flag, known, number, numeric } from './cell.ts'
import type { Cells } from './csv.ts'
import { countedReasons, throttleReasons } from './fields.ts'

/** `00000000:83:00.0` (nvidia-smi) -> `0000:83:00.0` (the kernel). */
export const kernelBusId = (busId: string): string => busId.toLowerCase().replace(/^0000(?=[0-9a-f]{4}:)/, '')

/** One row of `--query-gpu` as a card. */
export function cardOf(cell: Cells): Card {
  const busId = known(cell('pci.bus_id')) ?? ''
  return {
    vendor: 'nvidia',
    gpu: known(cell('index')) ?? '',
    uuid: known(cell('uuid')) ?? kernelBusId(busId),
    name: known(cell('name')) ?? '',
    busId: kernelBusId(busId),
    driver: 'nvidia',
    driverVersion: known(cell('driver_version')) ?? '',
    firmware: known(cell('vbios_version')) ?? '',
    suspended: false,
    values: valuesOf(cell),
    clocks: clocks(cell, 'clocks.current', ['graphics', 'sm', 'memory', 'video']),
    maxClocks: clocks(cell, 'clocks.max', ['graphics', 'sm', 'memory']),
    throttle: pick(throttleReasons, (reason) => flag(cell(`clocks_event_reasons.${reason}`))),
    throttled: pick(countedReasons, (reason) => scaled(cell(`clocks_event_reasons_counters.${reason}`), 1e-6)),
    ecc: eccOf(cell),
  }
}

function valuesOf(cell: Cells): Values {
  return {
    utilization: share(cell('utilization.gpu')),
    memoryUtilization: share(cell('utilization.memory')),
    encoderUtilization: share(cell('utilization.encoder')),
    decoderUtilization: share(cell('utilization.decoder')),
    memoryUsed: mebibytes(cell('memory.used')),
    memoryFree: mebibytes(cell('memory.free')),
    memoryReserved: mebibytes(cell('memory.reserved')),
    memoryTotal: mebibytes(cell('memory.total')),
    temperature: number(cell('temperature.gpu')),
    memoryTemperature: number(cell('temperature.memory')),
    // Newer drivers may leave power.draw empty and fill only one of the other two.
    power: number(cell('power.draw')) ?? number(cell('power.draw.instant')) ?? number(cell('power.draw.average')),
    powerLimit: number(cell('enforced.power.limit')) ?? number(cell('power.limit')),
    fanRatio: percent(cell('fan.speed')),
    performanceState: numeric('pstate', cell('pstate')),
    pcieGeneration: number(cell('pcie.link.gen.current')),
    pcieGenerationMax: number(cell('pcie.link.gen.max')),
    pcieWidth: number(cell('pcie.link.width.current')),
    pcieWidthMax: number(cell('pcie.link.width.max')),
    migEnabled: flag(cell('mig.mode.current')),
  }
}

function percent(cell: string | undefined): number | undefined {
  const value = number(cell)
  return value === undefined || value < 0 ? undefined : value / 100
}

/** A share of time; more than all of it is nonsense, and not shown. */
function share(cell: string | undefined): number | undefined {
  const value = percent(cell)
  return value === undefined || value > 1 ? undefined : value
}

function scaled(cell: string | undefined, factor: number): number | undefined {
  const value = number(cell)
  return value === undefined || value < 0 ? undefined : value * factor
}

const mebibytes = (cell: string | undefined): number | undefined => scaled(cell, 1048576)

function pick<Key extends string>(
  keys: readonly Key[],
  value: (key: Key) => number | undefined,
): Record<string, number | undefined> {
  return Object.fromEntries(keys.map((key) => [key, value(key)]))
}

function clocks(cell: Cells, prefix: string, names: readonly string[]): Record<string, number | undefined> {
  return pick(names, (name) => scaled(cell(`${prefix}.${name}`), 1e6))
}

function eccOf(cell: Cells): EccCount[] {
  return (['corrected', 'uncorrected'] as const).flatMap((severity) =>
    (['volatile', 'aggregate'] as const).map((scope) => ({
      severity,
      scope,
      count: number(cell(`ecc.errors.${severity}.${scope}.total`)),
    })),
  )
}
