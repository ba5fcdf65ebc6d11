import { counter, gauge, type Metric } from '../../lib/exposition.ts'

/** Attribute, its family, and what to divide its number by. */
export type Row = readonly [file: string, metric: Metric, divisor: number]

/** Of a set of caches, below its directory. */
export const ofSet: readonly Row[] = [
  [
    'average_key_size',
    gauge('node_bcache_average_key_size_sectors', 'Average data per key in the btree (sectors).', 'uuid'),
    1,
  ],
  [
    'btree_cache_size',
    gauge('node_bcache_btree_cache_size_bytes', 'Amount of memory currently used by the btree cache.', 'uuid'),
    1,
  ],
  [
    'cache_available_percent',
    gauge(
      'node_bcache_cache_available_percent',
      'Percentage of cache device without dirty data, usable for writeback (may contain clean cached data).',
      'uuid',
    ),
    1,
  ],
  ['congested', gauge('node_bcache_congested', 'Congestion.', 'uuid'), 1],
  [
    'root_usage_percent',
    gauge(
      'node_bcache_root_usage_percent',
      'Percentage of the root btree node in use (tree depth increases if too high).',
      'uuid',
    ),
    1,
  ],
  ['tree_depth', gauge('node_bcache_tree_depth', 'Depth of the btree.', 'uuid'), 1],
  [
    'internal/active_journal_entries',
    gauge('node_bcache_active_journal_entries', 'Number of journal entries that are newer than the index.', 'uuid'),
    1,
  ],
  ['internal/btree_nodes', gauge('node_bcache_btree_nodes', 'Total nodes in the btree.', 'uuid'), 1],
  [
    'internal/btree_read_average_duration_us',
    gauge('node_bcache_btree_read_average_duration_seconds', 'Average btree read duration.', 'uuid'),
    1e6,
  ],
  [
    'internal/cache_read_races',
    counter(
      'node_bcache_cache_read_races_total',
      'Counts instances where while data was being read from the cache, the bucket was reused and invalidated - i.e. where the pointer was stale after the read completed.',
      'uuid',
    ),
    1,
  ],
]

/** Of a slow disk behind it. */
export const ofBackingDevice: readonly Row[] = [
  [
    'dirty_data',
    gauge(
      'node_bcache_dirty_data_bytes',
      'Amount of dirty data for this backing device in the cache.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'stats_total/bypassed',
    counter(
      'node_bcache_bypassed_bytes_total',
      'Amount of IO (both reads and writes) that has bypassed the cache.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'stats_total/cache_hits',
    counter(
      'node_bcache_cache_hits_total',
      'Hits counted per individual IO as bcache sees them.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'stats_total/cache_misses',
    counter(
      'node_bcache_cache_misses_total',
      'Misses counted per individual IO as bcache sees them.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'stats_total/cache_bypass_hits',
    counter('node_bcache_cache_bypass_hits_total', 'Hits for IO intended to skip the cache.', 'uuid', 'backing_device'),
    1,
  ],
  [
    'stats_total/cache_bypass_misses',
    counter(
      'node_bcache_cache_bypass_misses_total',
      'Misses for IO intended to skip the cache.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'stats_total/cache_miss_collisions',
    counter(
      'node_bcache_cache_miss_collisions_total',
      'Instances where data insertion from cache miss raced with write (data already present).',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'stats_total/cache_readaheads',
    counter('node_bcache_cache_readaheads_total', 'Count of times readahead occurred.', 'uuid', 'backing_device'),
    1,
  ],
]

/** Of a fast disk in front. */
export const ofCacheDevice: readonly Row[] = [
  [
    'io_errors',
    gauge(
      'node_bcache_io_errors',
      'Number of errors that have occurred, decayed by io_error_halflife.',
      'uuid',
      'cache_device',
    ),
    1,
  ],
  [
    'metadata_written',
    counter(
      'node_bcache_metadata_written_bytes_total',
      'Sum of all non data writes (btree writes and all other metadata).',
      'uuid',
      'cache_device',
    ),
    1,
  ],
  [
    'written',
    counter(
      'node_bcache_written_bytes_total',
      'Sum of all data that has been written to the cache.',
      'uuid',
      'cache_device',
    ),
    1,
  ],
]

/** Lines of writeback_rate_debug. */
export const ofWriteback: readonly Row[] = [
  [
    'rate',
    gauge(
      'node_bcache_writeback_rate',
      'Current writeback rate for this backing device in bytes.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'target',
    gauge(
      'node_bcache_dirty_target_bytes',
      'Current dirty data target threshold for this backing device in bytes.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'proportional',
    gauge(
      'node_bcache_writeback_rate_proportional_term',
      'Current result of proportional controller, part of writeback rate',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'integral',
    gauge(
      'node_bcache_writeback_rate_integral_term',
      'Current result of integral controller, part of writeback rate',
      'uuid',
      'backing_device',
    ),
    1,
  ],
  [
    'change',
    gauge(
      'node_bcache_writeback_change',
      'Last writeback rate change step for this backing device.',
      'uuid',
      'backing_device',
    ),
    1,
  ],
]
