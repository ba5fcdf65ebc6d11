import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../../../errors.ts'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

const keys = [
  'build_id',
  'id',
  'id_like',
  'image_id',
  'image_version',
  'name',
  'pretty_name',
  'variant',
  'variant_id',
  'version',
  'version_codename',
  'version_id',
] as const

export const metrics = {
  info: gauge('node_os_info', `A metric with a constant '1' value labeled by ${keys.join(', ')}.`, ...keys),
  version: gauge(
    'node_os_version',
    'Metric containing the major.minor part of the OS version.',
    'id',
    'id_like',
    'name',
  ),
}

export type OsRelease = Readonly<Record<(typeof keys)[number], string>>

function unquote(value: string): string {
  const quote = value[0]
  if (quote !== '"' && quote !== "'") return value
  const inner = value.slice(1, value.endsWith(quote) && value.length > 1 ? -1 : undefined)
  return quote === '"' ? inner.replaceAll(/\\(["$`\\])/g, '$1') : inner
}

/** Parses os-release(5): shell-like assignments, values quoted or not. */
export function parseOsRelease(text: string): OsRelease {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, value] = /^\s*([A-Z_]+)=(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) found.set(key.toLowerCase(), unquote(value))
  }
  return Object.fromEntries(keys.map((key) => [key, found.get(key) ?? ''])) as OsRelease
}

/** `12` of "12 (bookworm)", `24.04` of "24.04.1"; undefined for rolling releases. */
export function majorMinor(versionId: string): number | undefined {
  const [number] = /^\d+\.?\d*/.exec(versionId) ?? []
  return number === undefined ? undefined : Number(number)
}

/** Which operating system this is, from os-release. */
export function createOs(source: Source): Collector<OsRelease> {
  const files = ['etc/os-release', 'usr/lib/os-release'].map((path) => join(source.roots.root, path))
  let known: { readonly path: string; readonly mtime: number; readonly release: OsRelease } | undefined
  return {
    name: 'os',
    read() {
      const path = files.find((file) => existsSync(file))
      if (path === undefined) throw new UnavailableError(`no os-release under ${source.roots.root}`)
      const mtime = statSync(path).mtimeMs
      if (known?.path !== path || known.mtime !== mtime) {
        known = { path, mtime, release: parseOsRelease(readFileSync(path, 'utf8')) }
      }
      return known.release
    },
    write(release, out) {
      out.set(metrics.info, 1, ...keys.map((key) => release[key]))
      out.set(metrics.version, majorMinor(release.version_id), release.id, release.id_like, release.name)
    },
  }
}
