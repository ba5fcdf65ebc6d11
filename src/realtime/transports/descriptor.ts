import { writeSync, writevSync } from 'node:fs'
import type { Socket } from 'node:net'

interface Handle {
  readonly fd?: number
  readonly constructor: { readonly name: string }
}
interface Internals {
  readonly _handle?: Handle | null
}

/** Taken away at once when the socket is closed. */
function handleOf(socket: Socket): Handle | null | undefined {
  const { _handle: handle } = socket as Internals
  return handle
}

/**
 * Writes to a socket's descriptor: the same system call that the stream would make, without what the stream does
 * around it, which is a third of a small write. False: nothing was written, because the socket is not plain TCP, is
 * closed, or something waits in it; then only the stream may write. What the kernel does not take at once goes to the
 * stream, so that nothing is lost and the socket's own buffer tells that the peer is slow.
 */
export function createDirectWrite(socket: Socket): ((chunks: readonly Uint8Array[]) => boolean) | undefined {
  const handle = handleOf(socket)
  const fd = handle?.constructor.name === 'TCP' && !('encrypted' in socket) ? handle.fd : undefined
  // Windows has none.
  if (fd === undefined || !Number.isInteger(fd) || fd <= 2) return undefined
  return (chunks) => {
    // With the same handle the descriptor is still this socket's.
    if (handleOf(socket) !== handle || socket.writableLength !== 0) return false
    const written = attempt(fd, chunks)
    if (written < total(chunks)) socket.write(rest(chunks, written))
    return true
  }
}

/** Bytes that the kernel took. It says no by an error, and the stream then finds out which. */
function attempt(fd: number, chunks: readonly Uint8Array[]): number {
  try {
    const [only] = chunks
    return chunks.length === 1 && only !== undefined ? writeSync(fd, only) : writevSync(fd, chunks)
  } catch {
    return 0
  }
}

const total = (chunks: readonly Uint8Array[]): number => {
  let bytes = 0
  for (const { byteLength } of chunks) bytes += byteLength
  return bytes
}

const rest = (chunks: readonly Uint8Array[], written: number): Uint8Array => {
  const [only] = chunks
  return (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).subarray(written)
}
