import type { BatchObservableResult, Meter } from '@opentelemetry/api'
import type { Card, Values } from '../exporters/gpu/card.ts'

/** Instrument name, unit, kind, and where in a card's values it is. */
const families = [
  ['hw.gpu.utilization', '1', 'gauge', 'utilization', { 'hw.gpu.task': 'general' }],
  ['hw.gpu.utilization', '1', 'gauge', 'encoderUtilization', { 'hw.gpu.task': 'encoder' }],
  ['hw.gpu.utilization', '1', 'gauge', 'decoderUtilization', { 'hw.gpu.task': 'decoder' }],
  ['hw.gpu.memory.usage', 'By', 'sum', 'memoryUsed', {}],
  ['hw.gpu.memory.limit', 'By', 'sum', 'memoryTotal', {}],
  ['hw.temperature', 'Cel', 'gauge', 'temperature', { 'hw.type': 'gpu' }],
  ['hw.power', 'W', 'gauge', 'power', { 'hw.type': 'gpu' }],
  ['hw.energy', 'J', 'counter', 'energy', { 'hw.type': 'gpu' }],
  ['hw.fan.speed_ratio', '1', 'gauge', 'fanRatio', { 'hw.type': 'fan' }],
] as const satisfies readonly (readonly [string, string, string, keyof Values, Record<string, string>])[]

export const gpuCollectors = ['nvidia', 'amd', 'intel'] as const

/** GPU readings as the OpenTelemetry hardware conventions name them (semantic conventions 1.44, status development). */
export function gpuInstruments(meter: Meter) {
  const make = {
    gauge: (name: string, unit: string) => meter.createObservableGauge(name, { unit }),
    sum: (name: string, unit: string) => meter.createObservableUpDownCounter(name, { unit }),
    counter: (name: string, unit: string) => meter.createObservableCounter(name, { unit }),
  }
  const byName = new Map<string, ReturnType<typeof make.gauge>>()
  for (const [name, unit, kind] of families) if (!byName.has(name)) byName.set(name, make[kind](name, unit))
  const status = meter.createObservableUpDownCounter('hw.status', { unit: '1' })
  const observe = (result: BatchObservableResult, cards: readonly Card[]): void => {
    for (const card of cards) {
      const identity = { 'hw.id': card.uuid, 'hw.name': card.name, 'hw.vendor': card.vendor }
      result.observe(status, 1, { ...identity, 'hw.type': 'gpu', 'hw.state': 'ok' })
      for (const [name, , , key, attributes] of families) {
        const value = card.values[key]
        const instrument = byName.get(name)
        if (value !== undefined && instrument) result.observe(instrument, value, { ...identity, ...attributes })
      }
    }
  }
  return { instruments: [...byName.values(), status], observe }
}
