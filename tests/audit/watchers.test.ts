import { expect, test } from 'vitest'
import type { Signal } from '../../src/audit/alerts/pending.ts'
import type { KeeperState } from '../../src/audit/keeper.ts'
import { createChainWatch } from '../../src/audit/watchers.ts'

const sound: KeeperState = {
  state: 'verified',
  verifiedTo: 5,
  verifiedAt: 0,
  broken: undefined,
  checkpoint: undefined,
  undelivered: new Map(),
}

/** What is told while the chain goes through these states. */
function told(states: readonly Partial<KeeperState>[]): string[] {
  const signals: Signal[] = []
  let state = sound
  const keeper = {
    get state() {
      return state
    },
    verify: async () => state,
  }
  const look = createChainWatch({ keeper }, (signal) => signals.push(signal))
  for (const next of states) {
    state = { ...sound, ...next }
    look()
  }
  return signals.map(({ rule, key, severity }) => `${rule} ${key} ${severity}`)
}

test('a broken chain is told once, and again when it breaks again', () => {
  const broken = { broken: { seq: 7, what: 'a row is missing' } }
  expect(told([{}, {}])).toEqual([])
  expect(told([{}, broken, broken, broken])).toEqual(['chain-broken row:7 critical'])
  expect(told([broken, {}, broken])).toHaveLength(2)
})

test('checkpoints that do not get through are told of by the way', () => {
  const stuck = { undelivered: new Map([['webhook', 'refused'] as const]) }
  const both = { undelivered: new Map([['webhook', 'refused'] as const, ['syslog', 'no host'] as const]) }
  expect(told([stuck, stuck, both, {}])).toEqual([
    'checkpoint-undelivered webhook warning',
    'checkpoint-undelivered syslog warning',
  ])
})
