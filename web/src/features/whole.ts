import { createMemo, type Accessor } from 'solid-js'
import type { Contracts, FeatureName } from '../../../src/features/contracts.ts'
import { useTopic } from '../realtime/context.ts'
import type { Live } from '../realtime/types.ts'

type Required = { readonly [Name in FeatureName]: readonly (keyof Contracts[Name])[] }

/** Keys without which a page cannot be drawn. */
const required: Required = {
  system: [
    'host',
    'cpu',
    'memory',
    'load',
    'pressure',
    'disks',
    'filesystems',
    'network',
    'temperatures',
    'gpus',
    'levels',
    'failing',
  ],
  database: [
    'state',
    'connections',
    'activity',
    'databases',
    'locks',
    'longTransactions',
    'statements',
    'replication',
    'tables',
    'failing',
  ],
  models: ['ollama', 'models', 'totals'],
  alerts: ['alerts'],
}

/** Follows a topic; its value is undefined until every key of the first reading has arrived: they come one by one. */
export function useWholeTopic<Name extends FeatureName>(topic: Name): Accessor<Live<Contracts[Name]>> {
  const live = useTopic(topic)
  const whole = createMemo(() => {
    const { value } = live()
    return value !== undefined && required[topic].every((key) => value[key] !== undefined)
  })
  return () => {
    const now = live()
    return {
      get value() {
        return whole() ? now.value : undefined
      },
      get ts() {
        return now.ts
      },
      get skipped() {
        return now.skipped
      },
      get stale() {
        return now.stale
      },
      get denied() {
        return now.denied
      },
      get unavailable() {
        return now.unavailable
      },
    }
  }
}
