import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { identify } from './process-identity.ts'

export type InstanceLock =
  | { readonly acquired: true; release(): void }
  | { readonly acquired: false; /** Who holds it, if known. */ readonly pid: number | undefined }

/** Takes the kernel's lock on an open file: 'locked', 'held' by someone else, or 'unsupported' by this file system. */
export type TryLock = (fd: number) => 'locked' | 'held' | 'unsupported'

const LOCK_EX_NB = 2 | 4

/** flock(2) through FFI; undefined where there is no such call or no FFI (Windows, an unusual platform). */
export async function loadFlock(): Promise<TryLock | undefined> {
  if (process.platform === 'win32') return undefined
  try {
    const { default: koffi } = await import('koffi')
    const flock = koffi.load(null).func('int flock(int fd, int operation)') as (fd: number, operation: number) => number
    return (fd) => {
      if (flock(fd, LOCK_EX_NB) === 0) return 'locked'
      return koffi.errno() === constants.errno.EWOULDBLOCK ? 'held' : 'unsupported'
    }
  } catch {
    return undefined
  }
}

function heldBy(path: string): number | undefined {
  const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
  return Number.isNaN(pid) ? undefined : pid
}

function lockByKernel(path: string, tryLock: TryLock): InstanceLock | undefined {
  // Node opens with O_CLOEXEC, so no child inherits the lock and holds it after our death.
  const fd = openSync(path, 'a+', 0o600)
  const outcome = tryLock(fd)
  if (outcome !== 'locked') {
    closeSync(fd)
    return outcome === 'held' ? { acquired: false, pid: heldBy(path) } : undefined
  }
  ftruncateSync(fd)
  writeSync(fd, `${process.pid}\n`)
  // The file stays: removing it would let one process lock the old inode while another locks a new one.
  return { acquired: true, release: () => closeSync(fd) }
}

/** The second best: a file with pid and start time. Two starts within the same instant after a crash might both win. */
function lockByPidFile(path: string): InstanceLock {
  const mine = `${process.pid} ${identify(process.pid)?.started ?? ''}\n`
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 })
      return { acquired: true, release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const [pid = '', ...started] = readFileSync(path, 'utf8').trim().split(' ')
    if (identify(Number(pid))?.started === started.join(' ')) return { acquired: false, pid: Number(pid) }
    rmSync(path, { force: true })
  }
  return { acquired: false, pid: undefined }
}

/**
 * Claims `path` for this process until it ends, by whatever end: the kernel gives the lock back on kill -9.
 * A second claim, even from the same process, is refused at once.
 */
export async function acquireInstanceLock(
  path: string,
  load: () => Promise<TryLock | undefined> = loadFlock,
): Promise<InstanceLock> {
  const tryLock = await load()
  return (tryLock && lockByKernel(path, tryLock)) ?? lockByPidFile(`${path}.pid`)
}
