import { expect, test } from 'vitest'
import { createBcache, parseHuman } from '../../../src/exporters/host/collectors/bcache.ts'
import { allocationRatio, createBtrfs } from '../../../src/exporters/host/collectors/btrfs.ts'
import { createFibrechannel } from '../../../src/exporters/host/collectors/fibrechannel.ts'
import { createInfiniband } from '../../../src/exporters/host/collectors/infiniband.ts'
import { createIpvs, parseEndpoint } from '../../../src/exporters/host/collectors/ipvs.ts'
import { createNfs } from '../../../src/exporters/host/collectors/nfs.ts'
import { createNfsd } from '../../../src/exporters/host/collectors/nfsd.ts'
import { createPcidevice, parseLocation, parseSpeed } from '../../../src/exporters/host/collectors/pcidevice.ts'
import { createTapestats } from '../../../src/exporters/host/collectors/tapestats.ts'
import { createXfs } from '../../../src/exporters/host/collectors/xfs.ts'
import { createZfs, parseKstat, parsePoolIo } from '../../../src/exporters/host/collectors/zfs.ts'
import { page, recorded, samples, sourceBelow } from '../../support/host-fixture.ts'

test('XFS: lines of numbers become families; the total over all file systems is no device', async () => {
  const families = await page(createXfs(recorded))
  expect(Object.keys(samples(families, 'node_xfs_read_calls_total'))).toEqual(['{device="sds1"}'])
  const text = recorded.sys('fs/xfs/sds1/stats/stats')
  const [, write, read] = /^rw (\d+) (\d+)$/m.exec(text) ?? []
  expect(samples(families, 'node_xfs_write_calls_total')).toEqual({ '{device="sds1"}': Number(write) })
  expect(samples(families, 'node_xfs_read_calls_total')).toEqual({ '{device="sds1"}': Number(read) })
  expect([...families.keys()].filter((name) => name.startsWith('node_xfs_'))).toHaveLength(39)
})

test('Btrfs: layouts with their ratio, devices in bytes, commits in seconds', async () => {
  const families = await page(createBtrfs(recorded))
  const uuid = 'uuid="5c1f6d0e-2b7a-4c39-9e61-7f0a4d83b215"'
  expect(samples(families, 'node_btrfs_allocation_ratio')).toEqual({
    [`{block_group_type="data",mode="raid0",${uuid}}`]: 1,
    [`{block_group_type="metadata",mode="raid1",${uuid}}`]: 2,
    [`{block_group_type="system",mode="raid1",${uuid}}`]: 2,
  })
  expect(Object.values(samples(families, 'node_btrfs_device_size_bytes'))).toEqual([10737418240, 10737418240])
  expect(samples(families, 'node_btrfs_max_commit_seconds')).toEqual({ [`{${uuid}}`]: 8.23 })
  expect([allocationRatio('raid5', 3), allocationRatio('raid6', 6), allocationRatio('bytes_used', 2)]).toEqual([
    1.5,
    1.5,
    undefined,
  ])
})

test('bcache: sizes in powers of 1024, the set, its backing and its cache devices', async () => {
  const families = await page(createBcache(recorded))
  const set = 'uuid="7a0e3c52-91d4-4b6f-8f12-c3d5e6a7b809"'
  expect(samples(families, 'node_bcache_btree_cache_size_bytes')).toEqual({ [`{${set}}`]: 92.5 * 1024 ** 2 })
  expect(samples(families, 'node_bcache_btree_read_average_duration_seconds')).toEqual({ [`{${set}}`]: 0.001305 })
  expect(samples(families, 'node_bcache_cache_hits_total')).toEqual({ [`{backing_device="bdev0",${set}}`]: 512077 })
  expect(samples(families, 'node_bcache_writeback_change')).toEqual({ [`{backing_device="bdev0",${set}}`]: -512 })
  expect(samples(families, 'node_bcache_written_bytes_total')).toEqual({
    [`{cache_device="cache0",${set}}`]: 220 * 1024 ** 3,
  })
  expect([parseHuman(undefined), parseHuman('none'), parseHuman('7')]).toEqual([undefined, undefined, 7])
})

test('ZFS: unsigned fields of modules, pools and data sets; exactly one state of a pool is 1', async () => {
  const families = await page(createZfs(recorded))
  expect(samples(families, 'node_zfs_arc_hits')).toEqual({ '': 61224873 })
  expect(families.get('node_zfs_arc_hits')).toMatchObject({ type: 'untyped', help: 'kstat.zfs.misc.arcstats.hits' })
  expect(families.has('node_zfs_arc_memory_available_bytes')).toBe(false)
  expect(samples(families, 'node_zfs_zil_zil_itx_count')).toEqual({ '': 3 })
  expect(samples(families, 'node_zfs_zpool_nwritten')).toEqual({ '{zpool="tank"}': 91226112 })
  expect(samples(families, 'node_zfs_zpool_dataset_nread')).toEqual({ '{dataset="tank/models",zpool="tank"}': 9 })
  const states = Object.entries(samples(families, 'node_zfs_zpool_state')).filter(([, value]) => value === 1)
  expect(states).toEqual([['{state="degraded",zpool="tank"}', 1]])
  expect(parseKstat('')).toEqual({ fields: [], dataset: undefined })
  expect(parsePoolIo('garbage\n')).toEqual([])
})

test('NFS client: procedures by version, and nothing for those an old kernel does not count', async () => {
  const families = await page(createNfs(recorded))
  const requests = samples(families, 'node_nfs_requests_total')
  expect(requests['{method="Null",proto="3"}']).toBe(0)
  expect(requests['{method="Clone",proto="4"}']).toBe(0)
  expect(Object.keys(requests)).toHaveLength(18 + 22 + 59)
  const old = await page({ ...createNfs(recorded), read: () => new Map([['proc4', [2, 7, 8]]]) })
  expect(samples(old, 'node_nfs_requests_total')).toEqual({
    '{method="Null",proto="4"}': 7,
    '{method="Read",proto="4"}': 8,
  })
  expect(old.has('node_nfs_rpcs_total')).toBe(false)
})

test('NFS server: operations of version 4 begin with number 3', async () => {
  const families = await page(createNfsd(recorded))
  const requests = samples(families, 'node_nfsd_requests_total')
  expect(requests['{method="Access",proto="4"}']).toBe(2563)
  expect(requests['{method="RelLockOwner",proto="4"}']).toBe(6)
  expect(Object.keys(requests).some((key) => key.includes('"-"') || key.includes('Null'))).toBe(false)
  expect(samples(families, 'node_nfsd_server_threads')).toEqual({ '': 8 })
  expect(samples(families, 'node_nfsd_rpc_errors_total')).toEqual({
    '{error="fmt"}': 1,
    '{error="auth"}': 1,
    '{error="cInt"}': 0,
  })
})

test('IPVS: addresses of both families, marks without address, totals from hex', async () => {
  const families = await page(createIpvs(recorded))
  expect(samples(families, 'node_ipvs_connections_total')).toEqual({ '': 0x2f10c4 })
  expect(samples(families, 'node_ipvs_backend_weight')).toEqual({
    '{local_address="10.0.0.5",local_mark="",local_port="5432",proto="TCP",remote_address="10.0.0.21",remote_port="5432"}': 100,
    '{local_address="10.0.0.5",local_mark="",local_port="5432",proto="TCP",remote_address="10.0.0.22",remote_port="5432"}': 50,
    '{local_address="2001:db8::1",local_mark="",local_port="80",proto="TCP",remote_address="2001:db8::2",remote_port="80"}': 1,
    '{local_address="",local_mark="10001000",local_port="0",proto="FWM",remote_address="10.0.0.23",remote_port="3306"}': 0,
  })
  expect(parseEndpoint('C0A80016:0CEA')).toEqual(['192.168.0.22', '3306'])
})

test('InfiniBand: words of four octets become bytes, and counters that are not kept are absent', async () => {
  const families = await page(createInfiniband(recorded))
  const port = '{device="mlx5_0",port="1"}'
  expect(samples(families, 'node_infiniband_port_data_received_bytes_total')).toEqual({ [port]: 718822015 * 4 })
  expect(samples(families, 'node_infiniband_port_packets_received_total')).toEqual({ [port]: 4410223 })
  expect(samples(families, 'node_infiniband_rate_bytes_per_second')).toEqual({ [port]: 25e9 })
  expect(samples(families, 'node_infiniband_state_id')).toEqual({ [port]: 4 })
  expect(families.has('node_infiniband_multicast_packets_received_total')).toBe(false)
})

test('Fibre Channel: hex counters; all bits set means not counted', async () => {
  const families = await page(createFibrechannel(recorded))
  expect(samples(families, 'node_fibrechannel_nos_total')).toEqual({ '{fc_host="host1"}': 0x12 })
  expect(families.has('node_fibrechannel_dumped_frames_total')).toBe(false)
  expect(Object.keys(samples(families, 'node_fibrechannel_info'))[0]).toContain('port_name="10000090fa942779"')
})

test('tape drives: one row a drive, times in seconds', async () => {
  const families = await page(createTapestats(recorded))
  expect(samples(families, 'node_tape_read_time_seconds_total')).toEqual({ '{device="st0"}': 21.90045612 })
  expect(samples(families, 'node_tape_io_now')).toEqual({ '{device="st0"}': 1 })
})

test('PCI: a card in a slow slot shows, and what has no link has no link figures', async () => {
  const families = await page(createPcidevice(recorded))
  const card = '{bus="01",device="00",function="0",segment="0000"}'
  expect(samples(families, 'node_pcidevice_max_link_width')[card]).toBe(16)
  expect(samples(families, 'node_pcidevice_current_link_width')[card]).toBe(8)
  expect(samples(families, 'node_pcidevice_current_link_transfers_per_second')[card]).toBe(8e9)
  const parents = Object.keys(samples(families, 'node_pcidevice_info')).map(
    (key) => /parent_bus="(.*?)"/.exec(key)?.[1],
  )
  expect(parents.toSorted()).toEqual(['*', '00'])
  expect([parseSpeed('2.5 GT/s PCIe'), parseSpeed('Unknown'), parseSpeed(undefined)]).toEqual([
    2.5e9,
    undefined,
    undefined,
  ])
  expect([parseLocation('10000:e1:00.7'), parseLocation('pci0000:00')]).toEqual([['10000', 'e1', '00', '7'], undefined])
})

test('a machine with none of this publishes none of it', async () => {
  const bare = sourceBelow('/nowhere')
  const families = await page(
    ...[createXfs, createBcache, createBtrfs, createZfs, createNfs, createNfsd].map((create) => create(bare)),
    ...[createIpvs, createInfiniband, createFibrechannel, createTapestats, createPcidevice].map((create) =>
      create(bare),
    ),
  )
  expect([...families.keys()].filter((name) => !name.startsWith('node_scrape_'))).toEqual([])
})
