import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { UnavailableError } from '../../errors.ts'
import { createHandles, isKernelFilesystem } from './lib/handles.ts'
import { createMissing } from './lib/missing.ts'
import { createSlowHandles } from './lib/slow-handles.ts'

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
  /** The same for a file that several collectors read: one read serves all of them in one scrape. */
  sharedProc(path: string): string
  /** A file under /sys, quick to read. Throws `UnavailableError` if it does not exist. */
  sys(path: string): string
  /** A /sys attribute, trimmed; undefined if it is missing, unreadable or refuses (EIO, ENODATA, EINVAL, EACCES). */
  attribute(path: string): string | undefined
  /** The same for attributes that ask the hardware (hwmon, thermal): read off the event loop. */
  slowAttribute(path: string, signal: AbortSignal): Promise<string | undefined>
  /** Names in a directory under /sys, sorted; empty if it does not exist. */
  sysList(path: string): string[]
  /** A directory under /sys may now belong to another device: nothing remembered about its files is used again. */
  forgetSys(path: string): void
  /** Closes the files that are kept open between scrapes. */
  close(): void
}

function missing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

type Read = (path: string) => string

const plainRead: Read = (path) => readFileSync(path, 'utf8')

function required(read: Read): Read {
  const absent = createMissing()
  return (path) => {
    if (absent.still(path)) throw new UnavailableError(`${path} does not exist`)
    try {
      return read(path)
    } catch (cause) {
      if (!missing(cause)) throw cause
      absent.add(path)
      throw new UnavailableError(`${path} does not exist`, { cause })
    }
  }
}

function optional(read: Read): (path: string) => string | undefined {
  const absent = createMissing()
  return (path) => {
    if (absent.still(path)) return undefined
    try {
      return read(path).trim()
    } catch (error) {
      if (missing(error)) absent.add(path)
      return undefined
    }
  }
}

/** Names in a directory, sorted; none if it cannot be read. */
function createList(): (path: string) => string[] {
  const absent = createMissing()
  return (path) => {
    if (absent.still(path)) return []
    try {
      return readdirSync(path).toSorted()
    } catch (error) {
      if (missing(error)) absent.add(path)
      return []
    }
  }
}

/** Remembers texts until the present turn of the event loop ends: collectors of one scrape begin in the same turn. */
function shared(read: Read): Read {
  const texts = new Map<string, string>()
  return (path) => {
    const known = texts.get(path)
    if (known !== undefined) return known
    const text = read(path)
    if (texts.size === 0) queueMicrotask(() => texts.clear())
    texts.set(path, text)
    return text
  }
}

const ofProcess = /^\d/

/**
 * Where the network's files lie: `net` is that of whoever reads, which in a container is not the host's, and there is no
 * name for the host's but that of its first process.
 */
function networkFolder({ proc }: Roots): string {
  return proc !== '/proc' && isKernelFilesystem(proc) && existsSync(`${proc}/1/net/dev`) ? '1/net/' : 'net/'
}

/** Reads straight from the kernel's files below the given roots. */
export function createSource(roots: Roots): Source {
  const handles = createHandles()
  const keptRead: Read = (path) => handles.read(path)
  const procKept = isKernelFilesystem(roots.proc)
  const sysKept = isKernelFilesystem(roots.sys)
  const slow = createSlowHandles(sysKept)
  const readSys = sysKept ? keptRead : plainRead
  const sys = required(readSys)
  const attribute = optional(readSys)
  const list = createList()
  const plainProc = required(plainRead)
  const keptProc = procKept ? required(keptRead) : plainProc
  const network = networkFolder(roots)
  const placed: Read = (path) => (path.startsWith('net/') ? network + path.slice(4) : path)
  const procAt: Read = (path) => (ofProcess.test(path) ? plainProc : keptProc)(`${roots.proc}/${path}`)
  const proc: Read = (path) => procAt(placed(path))
  return {
    roots,
    proc,
    sharedProc: shared(proc),
    sys: (path) => sys(`${roots.sys}/${path}`),
    attribute: (path) => attribute(`${roots.sys}/${path}`),
    async slowAttribute(path, signal) {
      signal.throwIfAborted()
      try {
        return (await slow.read(`${roots.sys}/${path}`)).trim()
      } catch {
        return undefined
      }
    },
    sysList: (path) => list(`${roots.sys}/${path}`),
    forgetSys(path) {
      handles.forget(`${roots.sys}/${path}`)
      slow.forget(`${roots.sys}/${path}`)
    },
    close() {
      handles.close()
      slow.close()
    },
  }
}
