import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSystemd, versionNumber } from '../../../src/exporters/host/collectors/systemd.ts'
import { parseManager, parseUnits } from '../../../src/exporters/host/systemd.ts'
import { page, samples, sourceBelow, succeeded } from '../../support/host-fixture.ts'

/** As `systemctl show --timestamp=unix --property=… '*'` prints it. */
const units = `Type=notify
NRestarts=3
Id=ollama.service
LoadState=loaded
ActiveState=active

Type=oneshot
NRestarts=0
Id=backup.service
LoadState=loaded
ActiveState=failed

LastTriggerUSec=@1763712000
Id=backup.timer
LoadState=loaded
ActiveState=active

LastTriggerUSec=
Id=never.timer
LoadState=loaded
ActiveState=active

NAccepted=12
NConnections=1
NRefused=0
Id=sshd.socket
LoadState=loaded
ActiveState=active

Type=ext4
Id=srv.mount
LoadState=loaded
ActiveState=active

Id=gone.service
LoadState=not-found
ActiveState=inactive
`

const manager = 'Version=252.39-1~deb12u1\nSystemState=degraded\n'

const run = async (args: readonly string[]) => (args.includes('*') ? units : manager)
const broken = () => Promise.reject(new Error('systemctl show: Failed to connect to bus'))

async function withSystemd<T>(use: (root: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'systemd-'))
  mkdirSync(join(root, 'run/systemd/system'), { recursive: true })
  try {
    return await use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('units are told with what their kind has, and nothing it has not', () => {
  const [ollama, , timer, never, socket] = parseUnits(units)
  expect(ollama).toMatchObject({ name: 'ollama.service', type: 'notify', active: 'active', restarts: 3 })
  expect(ollama?.lastTrigger).toBeUndefined()
  expect([timer?.lastTrigger, never?.lastTrigger]).toEqual([1763712000, 0])
  expect(socket).toMatchObject({ accepted: 12, connections: 1, refused: 0, type: '', restarts: undefined })
  expect(parseManager(manager)).toEqual({ version: '252.39-1~deb12u1', state: 'degraded' })
  expect([versionNumber('252.39-1~deb12u1'), versionNumber('257'), versionNumber('')]).toEqual([252.39, 257, undefined])
})

test('every loaded unit has one state that is 1; mounts and units without file have none', () =>
  withSystemd(async (root) => {
    const families = await page(createSystemd(sourceBelow(root), run))
    const states = Object.entries(samples(families, 'node_systemd_unit_state'))
    expect(states).toHaveLength(5 * 5)
    expect(states.filter(([, value]) => value === 1).map(([key]) => key)).toEqual([
      '{name="ollama.service",state="active",type="notify"}',
      '{name="backup.service",state="failed",type="oneshot"}',
      '{name="backup.timer",state="active",type=""}',
      '{name="never.timer",state="active",type=""}',
      '{name="sshd.socket",state="active",type=""}',
    ])
    expect(samples(families, 'node_systemd_units')).toEqual({
      '{state="active"}': 5,
      '{state="activating"}': 0,
      '{state="deactivating"}': 0,
      '{state="failed"}': 1,
      '{state="inactive"}': 1,
    })
    expect(samples(families, 'node_systemd_service_restart_total')['{name="ollama.service"}']).toBe(3)
    expect(samples(families, 'node_systemd_system_running')).toEqual({ '': 0 })
    expect(samples(families, 'node_systemd_version')).toEqual({ '{version="252.39-1~deb12u1"}': 252.39 })
  }))

test('a systemctl that fails fails the collector; without systemd there is nothing to ask', async () => {
  await withSystemd(async (root) => {
    expect(succeeded(await page(createSystemd(sourceBelow(root), broken)), 'systemd')).toBe(0)
  })
  await expect(async () =>
    createSystemd(sourceBelow('/nowhere'), broken).read(AbortSignal.timeout(3000)),
  ).rejects.toThrow('systemd does not run this machine')
})
