import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Unavailable, type Fault } from './fault.ts'

const call = promisify(execFile)
/** Bytes of a file system in memory that is made for the purpose: no disk is ever filled. */
const size = 8 * 2 ** 20
/** Below what is critical. */
const left = 0.02

async function mount(folder: string): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Unavailable('a small file system can be mounted on Linux by root only; no real disk is filled')
  const options = `size=${size},mode=755,nodev,nosuid,noexec`
  await call('mount', ['-t', 'tmpfs', '-o', options, 'aura-demo', folder]).catch((error: unknown) => {
    throw new Unavailable(`a small file system cannot be mounted: ${String(error)}`)
  })
}

const folderIn = (directory: string): string => join(directory, 'small-disk')

/** Takes away what a demonstration that was killed left mounted. */
export async function clearSmallDisk(directory: string): Promise<void> {
  if (existsSync(folderIn(directory))) await call('umount', [folderIn(directory)]).catch(() => undefined)
}

/** A small file system of its own in memory, nearly full. */
export const diskFull: Fault = {
  about: 'a file system of 8 MiB, made for this, is full but for 2 %',
  alerts: ['NodeFilesystemAlmostOutOfSpace', 'NodeFilesystemOutOfSpace'],
  panels: ['host: Space by file system', 'host: Fullest disk', 'overview: Fullest disk'],
  async start({ directory }) {
    const folder = folderIn(directory)
    await mkdir(folder, { recursive: true })
    await mount(folder)
    const unmount = async (): Promise<void> => {
      await call('umount', [folder])
      await rmdir(folder)
    }
    try {
      await writeFile(join(folder, 'demo-data'), Buffer.alloc(Math.floor(size * (1 - left))))
    } catch (error) {
      await unmount()
      throw error
    }
    return unmount
  },
}
