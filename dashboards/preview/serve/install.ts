import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modulesFolder, previewFolder } from './places.ts'

const stamp = join(modulesFolder, '.aura-installed')

const wanted = (): string =>
  createHash('sha256')
    .update(readFileSync(join(previewFolder, 'package-lock.json')))
    .digest('hex')

/** Whether what the lock file names is there. */
export const isInstalled = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()

/** Installs Grafana's components unless they are there already; throws if npm cannot. */
export function install(): void {
  if (isInstalled()) return
  console.log(
    'Installing Grafana’s components into dashboards/preview/node_modules: 380 packages, about 430 MB, once …',
  )
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: previewFolder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('npm could not install them; see above. It needs to reach an npm registry.')
  writeFileSync(stamp, wanted())
}
