import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleFolder, modulesFolder, previewFolder } from './places.ts'

type Exports = Readonly<Record<string, string | { readonly require?: string }>>

/**
 * The ESM build of Grafana's packages breaks when bundled (a default import becomes an object), the CommonJS one does
 * not: every way into such a package is led to that.
 */
function aliases(name: string): string[] {
  const folder = join(modulesFolder, name)
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: Exports }
  return Object.entries(exports).flatMap(([way, target]) => {
    if (typeof target === 'string' || target.require === undefined) return []
    return [`--alias:${join(name, way)}=${join(folder, target.require)}`]
  })
}

/** Makes the page's script and styles from its sources; throws with what esbuild says. */
export function bundle(): void {
  const args = [
    join(previewFolder, 'page/main.tsx'),
    '--bundle',
    '--format=iife',
    '--jsx=automatic',
    '--minify',
    '--define:process.env.NODE_ENV="production"',
    ...['.ttf', '.woff2', '.svg'].map((extension) => `--loader:${extension}=dataurl`),
    ...['@grafana/data', '@grafana/schema', '@grafana/ui'].flatMap(aliases),
    `--outfile=${join(bundleFolder, 'preview.js')}`,
    '--log-level=error',
  ]
  const { status, stderr } = spawnSync(process.execPath, [join(modulesFolder, 'esbuild/bin/esbuild'), ...args], {
    cwd: previewFolder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The page cannot be built:\n${stderr}`)
}
