import type { Meter } from '@opentelemetry/api'
import type { Card } from '../exporters/gpu/card.ts'
import type { Runner } from '../exporters/runner.ts'
import { gpuCollectors, gpuInstruments } from './gpu.ts'
import { hostCollectors, hostInstruments, type HostReadings } from './host.ts'

/** Longest time the readings for one export may take, ms. */
const patience = 2500

/** Publishes the exporters' readings through a meter: taken when the meter is collected, by the same runners as a scrape. */
export function publishReadings(meter: Meter, runners: ReadonlyMap<string, Runner>): void {
  const host = runners.get('host')
  if (host) {
    const { instruments, observe } = hostInstruments(meter)
    meter.addBatchObservableCallback(async (result) => {
      observe(result, Object.fromEntries(await host.take(hostCollectors, patience)) as HostReadings)
    }, instruments)
  }
  const gpu = runners.get('gpu')
  if (gpu) {
    const { instruments, observe } = gpuInstruments(meter)
    meter.addBatchObservableCallback(async (result) => {
      for (const reading of (await gpu.take(gpuCollectors, patience)).values()) observe(result, cardsOf(reading))
    }, instruments)
  }
}

/** The NVIDIA collector's reading holds more than its cards. */
function cardsOf(reading: unknown): readonly Card[] {
  return Array.isArray(reading) ? reading : (reading as { cards: readonly Card[] }).cards
}
