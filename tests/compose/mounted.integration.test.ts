import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { installed } from '../support/programs.ts'
import { mountsOf, root, stack } from './stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'aura-mounted-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The service's mounts laid out as it sees them, below a folder; its configuration file there. */
function laidOut(service: string, argument: string): string {
  const { [service]: found } = stack.services
  if (found === undefined) throw new Error(`there is no service ${service}`)
  const there = (path: string): string => join(folder, path.replaceAll('/', '_'))
  const config = found.command?.find((part) => part.startsWith(argument))?.slice(argument.length) ?? ''
  for (const { type, source, target } of mountsOf(found)) {
    // A file and its neighbours are asked for in one folder.
    const place = target.startsWith('/etc/prometheus/') ? join(folder, target.slice(16)) : there(target)
    if (type === 'bind') symlinkSync(resolve(root, source), place)
  }
  const mounted = config.startsWith('/etc/prometheus/') ? join(folder, config.slice(16)) : undefined
  return mounted ?? join(there('/etc/alertmanager'), config.replace('/etc/alertmanager/', ''))
}

const check = (program: string, args: readonly string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, text: stdout + stderr }
}

const promtool = installed('what Prometheus reads in docker-compose.yml', 'promtool')
test.skipIf(promtool === undefined)('promtool finds nothing wrong with what Prometheus is given', () => {
  const { status, text } = check(promtool ?? '', ['check', 'config', laidOut('prometheus', '--config.file=')])
  expect(status, text).toBe(0)
  expect(text).toMatch(/SUCCESS: 2\d rule files found/)
})

const amtool = installed('what Alertmanager reads in docker-compose.yml', 'amtool')
test.skipIf(amtool === undefined)('amtool finds nothing wrong with what Alertmanager is given', () => {
  const { status, text } = check(amtool ?? '', ['check-config', laidOut('alertmanager', '--config.file=')])
  expect(status, text).toBe(0)
})
