import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/centrifugo.ts'
import { root, stack } from './stack.ts'

// A container's view of the host without a container: network and mounts of its own, the host read-only below a folder,
// the user of the image.
const possible = spawnSync('unshare', ['-mn', 'true']).status === 0 && process.getuid?.() === 0
if (!possible) console.warn('skipped: the host as seen from a container (needs root and the right to unshare)')

const folder = mkdtempSync(join(tmpdir(), 'aura-host-'))
const host = join(folder, 'host')
chmodSync(folder, 0o755)
mkdirSync(host)
// Empty here; and if it ever were not, what lies there is not ours to remove.
afterAll(() => [host, folder].forEach((path) => rmdirSync(path)))

const script = `
mount --make-rslave / && mount --rbind / "$HOST" && mount -o remount,bind,ro "$HOST" && ip link set lo up
setpriv --reuid 10464 --regid 10464 --clear-groups "$NODE" bin/aura.js exporter host >&2 &
for i in $(seq 50); do
  sleep 0.2
  "$NODE" -e 'fetch("http://127.0.0.1:" + process.env.AURA_METRICS_PORT + "/metrics/host").then(async (r) => console.log(await r.text()), () => process.exit(1))' && break
done
kill $!
`

/** The exporter's variables of docker-compose.yml, with the folder instead of /host. */
function variables(): [string, string][] {
  const all = Object.entries(stack.services['aura']?.environment ?? {})
  return all.flatMap(([key, value]) =>
    key.startsWith('AURA_EXPORTERS_HOST') ? [[key, value.replace(/^\/host/, host)] as [string, string]] : [],
  )
}

/** More sockets of the host than a namespace with nothing but the exporter in it has. */
const sockets = 12
const listening: Server[] = []
beforeAll(() => {
  for (let i = 0; i < sockets; i++) listening.push(createServer().listen(0, '127.0.0.1'))
})
afterAll(() => listening.forEach((server) => server.close()))

test.skipIf(!possible)('its network devices, sockets and file systems are those of the host', async () => {
  const env = {
    ...Object.fromEntries(variables()),
    PATH: process.env['PATH'],
    HOST: host,
    NODE: process.execPath,
    AURA_METRICS_PORT: String(await freePort()),
  }
  const { stdout, stderr } = spawnSync('unshare', ['-mn', 'sh', '-c', script], { cwd: root, env, encoding: 'utf8' })
  const values = (name: string, label: string): string[] =>
    [...stdout.matchAll(new RegExp(`^${name}\\{.*?${label}="([^"]*)"`, 'gm'))].map(([, value = '']) => value)
  const devices = [...readFileSync('/proc/net/dev', 'utf8').matchAll(/^\s*(\S+):/gm)].map(([, name = '']) => name)
  expect(values('node_network_receive_bytes_total', 'device').toSorted(), stderr.slice(0, 500)).toEqual(
    devices.toSorted(),
  )
  expect(values('node_filesystem_size_bytes', 'mountpoint')).toContain('/')
  expect(values('node_uname_info', 'nodename')).toEqual([hostname()])
  expect(Number(/^node_sockstat_TCP_inuse (\d+)/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(sockets)
  expect(stdout).toContain('node_scrape_collector_success{collector="netdev"} 1')
  expect(stdout).not.toContain('node_nf_conntrack_entries')
})
