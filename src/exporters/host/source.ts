import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UnavailableError } from '../../errors.ts'

/** Where the kernel's files lie; other than `/proc`, `/sys` and `/` in a container, and in tests. */
export interface Roots {
  readonly proc: string
  readonly sys: string
  /** The host's root directory: mount points, /etc/os-release, udev data. */
  readonly root: string
}

/** The host's kernel files. Every path is relative to its root, as in `proc('net/dev')`. */
export interface Source {
  readonly roots: Roots
  /** A file under /proc, quick to read. Throws `UnavailableError` if it does not exist. */
  proc(path: string): string
  /** A file under /sys, quick to read. Throws `UnavailableError` if it does not exist. */
  sys(path: string): string
  /** A /sys attribute, trimmed; undefined if it is missing, unreadable or refuses (EIO, ENODATA, EINVAL, EACCES). */
  attribute(path: string): string | undefined
  /** The same for attributes that ask the hardware (hwmon, thermal): read off the event loop. */
  slowAttribute(path: string, signal: AbortSignal): Promise<string | undefined>
  /** Names in a directory under /sys, sorted; empty if it does not exist. */
  sysList(path: string): string[]
}

function missing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (missing(error)) throw new UnavailableError(`${path} does not exist`, { cause: error })
    throw error
  }
}

/** Reads straight from the kernel's files below the given roots. */
export function createSource(roots: Roots): Source {
  return {
    roots,
    proc: (path) => read(`${roots.proc}/${path}`),
    sys: (path) => read(`${roots.sys}/${path}`),
    attribute(path) {
      try {
        return readFileSync(join(roots.sys, path), 'utf8').trim()
      } catch {
        return undefined
      }
    },
    async slowAttribute(path, signal) {
      try {
        return (await readFile(join(roots.sys, path), { encoding: 'utf8', signal })).trim()
      } catch (error) {
        if (signal.aborted) throw error
        return undefined
      }
    },
    sysList(path) {
      try {
        return readdirSync(join(roots.sys, path)).toSorted()
      } catch {
        return []
      }
    },
  }
}
