import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { installed } from '../support/programs.ts'
import { root, stack } from './stack.ts'

// Compose's own loader: schema, interpolation, references. `docker compose` where it is, or what it is made of, which Go
// builds (a minute the first time).
const loader = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'
const file = join(root, 'docker-compose.yml')
const folder = mkdtempSync(join(tmpdir(), 'aura-compose-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 120_000 })

function findLoader(): ((path: string, profile: string) => ReturnType<typeof run>) | undefined {
  if (run('docker', ['compose', 'version']).status === 0)
    return (path, profile) => run('docker', ['compose', '-f', path, '--profile', profile, 'config', '--format=json'])
  if (installed('docker-compose.yml by Compose’s own loader', 'go') === undefined) return undefined
  const { status, stderr } = run('go', ['install', loader], { GOBIN: folder })
  if (status !== 0) console.warn(`skipped: docker-compose.yml by Compose’s own loader (${stderr.trim().slice(-200)})`)
  if (status !== 0) return undefined
  return (path, profile) => run(join(folder, 'cmd'), ['--format=json', path], { COMPOSE_PROFILES: profile })
}
const load = findLoader()
const withLoader = test.skipIf(load === undefined)

withLoader.each(['default', 'gpu'])('Compose takes the file, profile %s', (profile) => {
  const loaded = load?.(file, profile)
  expect(loaded?.stderr).not.toMatch(/error|invalid|not allowed/i)
  expect(loaded?.status).toBe(0)
  const { services } = JSON.parse(loaded?.stdout ?? '') as { services: Record<string, object> }
  expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(stack.services).slice(0, 8)))
})

withLoader('and would refuse a wrong one', () => {
  const wrong = join(folder, 'docker-compose.yml')
  writeFileSync(wrong, 'services: { a: { image: b, no_such_key: 1 } }')
  expect(load?.(wrong, 'default').status).not.toBe(0)
})
