import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { counter, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

const family = (name: string, help: string): Metric => counter(`node_xfs_${name}`, help, 'device')

/** Families by line of the statistics, in the order of the line's numbers. */
export const metrics: Readonly<Record<string, readonly Metric[]>> = {
  extent_alloc: [
    family('extent_allocation_extents_allocated_total', 'Number of extents allocated for a filesystem.'),
    family('extent_allocation_blocks_allocated_total', 'Number of blocks allocated for a filesystem.'),
    family('extent_allocation_extents_freed_total', 'Number of extents freed for a filesystem.'),
    family('extent_allocation_blocks_freed_total', 'Number of blocks freed for a filesystem.'),
  ],
  abt: [
    family('allocation_btree_lookups_total', 'Number of allocation B-tree lookups for a filesystem.'),
    family('allocation_btree_compares_total', 'Number of allocation B-tree compares for a filesystem.'),
    family('allocation_btree_records_inserted_total', 'Number of allocation B-tree records inserted for a filesystem.'),
    family('allocation_btree_records_deleted_total', 'Number of allocation B-tree records deleted for a filesystem.'),
  ],
  blk_map: [
    family('block_mapping_reads_total', 'Number of block map for read operations for a filesystem.'),
    family('block_mapping_writes_total', 'Number of block map for write operations for a filesystem.'),
    family('block_mapping_unmaps_total', 'Number of block unmaps (deletes) for a filesystem.'),
    family('block_mapping_extent_list_insertions_total', 'Number of extent list insertions for a filesystem.'),
    family('block_mapping_extent_list_deletions_total', 'Number of extent list deletions for a filesystem.'),
    family('block_mapping_extent_list_lookups_total', 'Number of extent list lookups for a filesystem.'),
    family('block_mapping_extent_list_compares_total', 'Number of extent list compares for a filesystem.'),
  ],
  bmbt: [
    family('block_map_btree_lookups_total', 'Number of block map B-tree lookups for a filesystem.'),
    family('block_map_btree_compares_total', 'Number of block map B-tree compares for a filesystem.'),
    family('block_map_btree_records_inserted_total', 'Number of block map B-tree records inserted for a filesystem.'),
    family('block_map_btree_records_deleted_total', 'Number of block map B-tree records deleted for a filesystem.'),
  ],
  dir: [
    family(
      'directory_operation_lookup_total',
      'Number of file name directory lookups which miss the operating systems directory name lookup cache.',
    ),
    family('directory_operation_create_total', 'Number of times a new directory entry was created for a filesystem.'),
    family(
      'directory_operation_remove_total',
      'Number of times an existing directory entry was created for a filesystem.',
    ),
    family(
      'directory_operation_getdents_total',
      'Number of times the directory getdents operation was performed for a filesystem.',
    ),
  ],
  ig: [
    family('inode_operation_attempts_total', 'Number of times the OS looked for an XFS inode in the inode cache.'),
    family(
      'inode_operation_found_total',
      'Number of times the OS looked for and found an XFS inode in the inode cache.',
    ),
    family(
      'inode_operation_recycled_total',
      'Number of times the OS found an XFS inode in the cache, but could not use it as it was being recycled.',
    ),
    family(
      'inode_operation_missed_total',
      'Number of times the OS looked for an XFS inode in the cache, but did not find it.',
    ),
    family(
      'inode_operation_duplicates_total',
      'Number of times the OS tried to add a missing XFS inode to the inode cache, but found it had already been added by another process.',
    ),
    family(
      'inode_operation_reclaims_total',
      'Number of times the OS reclaimed an XFS inode from the inode cache to free memory for another purpose.',
    ),
    family(
      'inode_operation_attribute_changes_total',
      'Number of times the OS explicitly changed the attributes of an XFS inode.',
    ),
  ],
  rw: [
    family('write_calls_total', 'Number of write(2) system calls made to files in a filesystem.'),
    family('read_calls_total', 'Number of read(2) system calls made to files in a filesystem.'),
  ],
  vnodes: [
    family('vnode_active_total', 'Number of vnodes not on free lists for a filesystem.'),
    family('vnode_allocate_total', 'Number of times vn_alloc called for a filesystem.'),
    family('vnode_get_total', 'Number of times vn_get called for a filesystem.'),
    family('vnode_hold_total', 'Number of times vn_hold called for a filesystem.'),
    family('vnode_release_total', 'Number of times vn_rele called for a filesystem.'),
    family('vnode_reclaim_total', 'Number of times vn_reclaim called for a filesystem.'),
    family('vnode_remove_total', 'Number of times vn_remove called for a filesystem.'),
  ],
}

/** The numbers of each line of one file system's statistics. */
export interface XfsFilesystem {
  readonly device: string
  readonly lines: ReadonlyMap<string, readonly number[]>
}

/** Parses /sys/fs/xfs/<device>/stats/stats: a word, then numbers. */
export function parseXfs(text: string): ReadonlyMap<string, readonly number[]> {
  const lines = text.trimEnd().split('\n')
  return new Map(
    lines.map((line) => {
      const [word = '', ...numbers] = line.split(' ')
      return [word, numbers.map(Number)] as const
    }),
  )
}

/** Work of each mounted XFS. */
export function createXfs(source: Source): Collector<XfsFilesystem[]> {
  const root = join(source.roots.sys, 'fs/xfs')
  return {
    name: 'xfs',
    read: () =>
      source.sysList('fs/xfs').flatMap((device) => {
        const path = join(root, device, 'stats/stats')
        return existsSync(path) ? [{ device, lines: parseXfs(readFileSync(path, 'utf8')) }] : []
      }),
    write(reading, out) {
      for (const { device, lines } of reading) {
        for (const [word, families] of Object.entries(metrics)) {
          const numbers = lines.get(word)
          for (const [index, metric] of families.entries()) out.set(metric, numbers?.[index], device)
        }
      }
    },
  }
}
