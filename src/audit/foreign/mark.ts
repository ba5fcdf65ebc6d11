import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

const longest = 1024

/** Bytes of a file from `from` up to `to`; fewer where it ends before. */
export async function readBytes(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from)
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, from + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

/** What stands before an offset, hashed: audit lines tell the time, so no other file has the same there. */
export const markAt = async (handle: FileHandle, offset: number): Promise<Buffer> =>
  digest(await readBytes(handle, Math.max(0, offset - longest), offset))

/** Whether a file goes on at an offset where one with this mark was left. */
export async function continues(handle: FileHandle, offset: number, mark: Buffer): Promise<boolean> {
  const { size } = await handle.stat()
  return size >= offset && (await markAt(handle, offset)).equals(mark)
}

/** The beginning of a file. */
export const nothingRead = { offset: 0, skipping: false, mark: digest(Buffer.alloc(0)) } as const
