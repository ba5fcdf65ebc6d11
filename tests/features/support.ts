import { Value } from 'typebox/value'
import { expect } from 'vitest'
import { featuresConfig, type FeaturesConfig } from '../../src/features/config.ts'
import type { FeatureName } from '../../src/features/contracts.ts'
import type { FeatureClock, Take } from '../../src/features/feature.ts'
import { schemas } from '../../src/features/schemas.ts'
import type { Publisher } from '../../src/realtime/types.ts'

/** The section `features` with its defaults. */
export const features = Value.Default(featuresConfig, {}) as FeaturesConfig

/** A clock that stands still until it is told to move. */
export function standingClock(start = 1_700_000_000_000): FeatureClock & { pass(ms: number): void } {
  let passed = 0
  return { now: () => start + passed, monotonic: () => passed, pass: (ms) => void (passed += ms) }
}

export interface Published {
  readonly topic: string
  readonly key: string | undefined
  readonly value: unknown
}

/** Keeps what is published; `state` is what a subscriber would hold. */
export function memoryPublisher(listeners = 1): Publisher & {
  readonly published: Published[]
  state(topic: string): Record<string, unknown>
} {
  const published: Published[] = []
  return {
    published,
    publish: (topic, value, key) => void published.push({ topic, key, value: structuredClone(value) }),
    listeners: () => listeners,
    state(topic) {
      const held: Record<string, unknown> = {}
      for (const one of published) {
        if (one.topic !== topic || one.key === undefined) continue
        if (one.value === null) delete held[one.key]
        else held[one.key] = one.value
      }
      return held
    },
  }
}

/** Readings made up by a test; a function throws for a source that fails. */
export function takeFrom(readings: () => Readonly<Record<string, unknown>>): Take {
  return async (collectors, _deadline, failures) => {
    const taken = new Map<string, unknown>()
    for (const [name, reading] of Object.entries(readings())) {
      if (!collectors.includes(name)) continue
      if (reading instanceof Error) failures?.set(name, reading)
      else taken.set(name, reading)
    }
    return taken
  }
}

/** No readings at all. */
export const nothing: Take = async () => new Map()

/** Fails with what is wrong with a state, if it is not as the contract says; also as JSON. */
export function expectContract(name: FeatureName, state: unknown): void {
  expect([...Value.Errors(schemas[name], JSON.parse(JSON.stringify(state)))]).toEqual([])
}
