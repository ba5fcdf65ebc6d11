import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  available: gauge('node_entropy_available_bits', 'Bits of available entropy.'),
  poolSize: gauge('node_entropy_pool_size_bits', 'Bits of entropy pool.'),
}

export interface Entropy {
  readonly available: number
  readonly poolSize: number
}

export function createEntropy(source: Source): Collector<Entropy> {
  return {
    name: 'entropy',
    read: () => ({
      available: Number(source.proc('sys/kernel/random/entropy_avail')),
      poolSize: Number(source.proc('sys/kernel/random/poolsize')),
    }),
    write(reading, out) {
      out.set(metrics.available, reading.available)
      out.set(metrics.poolSize, reading.poolSize)
    },
  }
}
