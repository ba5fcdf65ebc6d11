import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFilesystem } from '../../../src/exporters/host/collectors/filesystem.ts'
import { localMounts, parseMounts } from '../../../src/exporters/host/lib/mounts.ts'
import { createSource } from '../../../src/exporters/host/source.ts'
import { scrape } from '../../support/exposition.ts'
import { hostConfigWith } from '../../support/host-config.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aura-mounts-'))
  mkdirSync(join(root, 'proc/1'), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true }))

/** A machine with these mounts (type, mount point), and a `stat` with this body. */
function machine(mounts: readonly (readonly [string, string])[], stat: string) {
  const lines = mounts.map(([type, path], i) => `${i} 1 0:${i} / ${path} rw - ${type} ${type}-device rw`)
  writeFileSync(join(root, 'proc/1/mountinfo'), `${lines.join('\n')}\n`)
  for (const [, path] of mounts) mkdirSync(join(root, path), { recursive: true })
  const program = join(root, 'stat')
  writeFileSync(program, `#!/bin/sh\nfor path; do :; done\n${stat}\n`, { mode: 0o755 })
  const source = createSource({ proc: join(root, 'proc'), sys: join(root, 'sys'), root })
  const collector = createFilesystem(source, hostConfigWith({ mount_timeout: '300ms' }), program)
  return { exporter: { prefix: 'node', collectors: [collector] }, stop: () => collector.stop() }
}

const answer = "echo '4096 1000 500 400 100 50'"

test('a dead network mount is an error without a size; local and other network mounts have theirs', async () => {
  const { exporter, stop } = machine(
    [
      ['ext4', '/data'],
      ['nfs4', '/mnt/dead'],
      ['nfs4', '/mnt/well'],
    ],
    `case "$path" in */dead) exec sleep 600;; esac; ${answer}`,
  )
  const page = await scrape(exporter)
  stop()
  const sample = (name: string, type: string, path: string): number | undefined =>
    page.get(name)?.samples.get(`{device="${type}-device",fstype="${type}",mountpoint="${path}"}`)
  expect(sample('node_filesystem_device_error', 'nfs4', '/mnt/dead')).toBe(1)
  expect(sample('node_filesystem_size_bytes', 'nfs4', '/mnt/dead')).toBeUndefined()
  expect(sample('node_filesystem_device_error', 'nfs4', '/mnt/well')).toBe(0)
  expect(sample('node_filesystem_size_bytes', 'nfs4', '/mnt/well')).toBe(4_096_000)
  expect(sample('node_filesystem_avail_bytes', 'nfs4', '/mnt/well')).toBe(1_638_400)
  expect(sample('node_filesystem_files_free', 'nfs4', '/mnt/well')).toBe(50)
  expect(sample('node_filesystem_device_error', 'ext4', '/data')).toBe(0)
  expect(sample('node_filesystem_size_bytes', 'ext4', '/data')).toBeGreaterThan(0)
})

test('a local mount on a network mount is asked in a child too, since the way to it may hang', async () => {
  const { exporter, stop } = machine(
    [
      ['nfs', '/mnt'],
      ['tmpfs', '/mnt/scratch'],
    ],
    answer,
  )
  const page = await scrape(exporter)
  stop()
  const sizes = page.get('node_filesystem_size_bytes')?.samples
  expect(sizes?.get('{device="tmpfs-device",fstype="tmpfs",mountpoint="/mnt/scratch"}')).toBe(4_096_000)
})

test('the mounts that node_exporter leaves out are left out', async () => {
  const { exporter, stop } = machine(
    [
      ['proc', '/p'],
      ['overlay', '/o'],
      ['ext4', '/dev/shm'],
      ['ext4', '/var/lib/docker/x/y'],
      ['ext4', '/mnt/models'],
    ],
    answer,
  )
  const page = await scrape(exporter)
  stop()
  expect([...(page.get('node_filesystem_readonly')?.samples.keys() ?? [])]).toEqual([
    '{device="ext4-device",fstype="ext4",mountpoint="/mnt/models"}',
  ])
})

test('blanks in paths, read-only mounts and read-only file systems are understood', () => {
  const [mount] = parseMounts('33 27 0:45 / /mnt/my\\040nas rw,relatime shared:4 - nfs4 nas:/a\\134b ro,vers=4.2\n')
  expect(mount).toEqual({
    device: 'nas:/a\\b',
    mountpoint: '/mnt/my nas',
    fstype: 'nfs4',
    major: '0',
    minor: '45',
    readonly: true,
  })
  expect(parseMounts('1 1 8:1 / / ro - ext4 /dev/sda1 rw\n')[0]?.readonly).toBe(true)
  expect(parseMounts('1 1 8:1 / / rw - ext4 /dev/sda1 rw,errors=remount-ro\n')[0]?.readonly).toBe(false)
})

const line = (type: string, path: string): string => `1 1 0:1 / ${path} rw - ${type} d rw\n`

test('what counts as local', () => {
  const mounts = parseMounts(
    line('overlay', '/') +
      line('ext4', '/a') +
      line('fuse.sshfs', '/a/b') +
      line('xfs', '/a/b/c') +
      line('xfs', '/a/bc'),
  )
  const isLocal = localMounts(mounts)
  const local = mounts.filter(isLocal).map(({ mountpoint }) => mountpoint)
  expect(local).toEqual(['/a', '/a/bc'])
})
