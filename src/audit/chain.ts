import { createHash } from 'node:crypto'

/** Tells our hashes from all others, and this way of hashing from a later one. */
const domain = 'audit/v1\0'

/** What the first row follows. */
export const genesis: Buffer = Buffer.alloc(32)

/** SHA-256 over the domain, the hash of the row before, and the canonical JSON of the row without hashes. */
export const chainHash = (previous: Uint8Array, body: string): Buffer =>
  createHash('sha256').update(domain).update(previous).update(body).digest()
