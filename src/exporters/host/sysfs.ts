import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../../errors.ts'
import type { Source } from './source.ts'

/** Devices of a directory under /sys. Throws `UnavailableError` if the directory does not exist. */
export function devices(source: Source, path: string): string[] {
  if (!existsSync(join(source.roots.sys, path))) throw new UnavailableError(`no ${path} in sysfs`)
  return source.sysList(path)
}

/** The number in a kernel text, or undefined for anything else: an attribute may be missing, empty or say "unknown". */
export function toNumber(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isNaN(value) ? undefined : value
}

/** A numeric attribute under /sys, read at once. */
export const numberAttribute = (source: Source, path: string): number | undefined => toNumber(source.attribute(path))

/** `undefined` passes through, everything else is scaled. */
export const times = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor

/** The same as a division, which keeps 1e-6 and its like exact where a product would not. */
export const per = (value: number | undefined, divisor: number): number | undefined =>
  value === undefined ? undefined : value / divisor
