import { close, open, read } from 'node:fs'

/** Sensors' attributes are one short line. */
const attributeBytes = 1024
const kept = 256

interface Handle {
  readonly fd: number
  /** Reads under way; a descriptor is closed only when there are none. */
  busy: number
  doomed: boolean
}

/** Reads attributes that may make the hardware think, off the event loop, one `pread` each. */
export interface SlowHandles {
  /** Rejects as `open` and `read` do. */
  read(path: string): Promise<string>
  /** Lets go of everything below a directory, because its name may now mean something else. */
  forget(directory: string): void
  close(): void
}

const ignore = (): void => undefined

function openFile(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (error, fd) => (error === null ? resolve(fd) : reject(error)))
  })
}

function readStart(fd: number): Promise<string> {
  const buffer = Buffer.allocUnsafe(attributeBytes)
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, attributeBytes, 0, (error, length) =>
      error === null ? resolve(buffer.toString('utf8', 0, length)) : reject(error),
    )
  })
}

const gone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENODEV' || error.code === 'ESTALE')

/** `keep` says whether descriptors may stay open between reads: on sysfs, where every read at offset 0 asks anew. */
export function createSlowHandles(keep: boolean): SlowHandles {
  const handles = new Map<string, Handle>()

  function closeIfIdle(handle: Handle): void {
    if (handle.doomed && handle.busy === 0) close(handle.fd, ignore)
  }

  function drop(path: string, handle: Handle): void {
    if (handles.get(path) === handle) handles.delete(path)
    if (handle.doomed) return
    handle.doomed = true
    closeIfIdle(handle)
  }

  async function readHandle(handle: Handle): Promise<string> {
    handle.busy++
    try {
      return await readStart(handle.fd)
    } finally {
      handle.busy--
      closeIfIdle(handle)
    }
  }

  async function first(path: string): Promise<string> {
    const handle: Handle = { fd: await openFile(path), busy: 0, doomed: false }
    if (keep && handles.size < kept && !handles.has(path)) handles.set(path, handle)
    else handle.doomed = true
    return readHandle(handle)
  }

  return {
    async read(path) {
      const handle = handles.get(path)
      if (handle === undefined) return first(path)
      try {
        return await readHandle(handle)
      } catch (error) {
        if (!gone(error)) throw error
        drop(path, handle)
        return first(path)
      }
    },
    forget(directory) {
      for (const [path, handle] of handles) if (path.startsWith(`${directory}/`)) drop(path, handle)
    },
    close() {
      for (const [path, handle] of handles) drop(path, handle)
    },
  }
}
