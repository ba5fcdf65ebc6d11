import { sign, verify, type KeyObject } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../errors.ts'
import { canonicalJson } from './canonical.ts'
import { openKey, parsePublicKeys, publicKeys, retiredFile } from './keys.ts'
import type { Anchor } from './verify.ts'

/** A place in the chain, signed. Once it has left the machine, nobody here can rewrite what lies before it unnoticed. */
export interface Checkpoint extends Anchor {
  /** ISO 8601. */
  readonly time: string
  /** Ed25519 over `checkpoint/v1\0` and the canonical JSON of the other three; base64. */
  readonly signature: string
}

const domain = 'checkpoint/v1\0'

const signedText = ({ seq, hash, time }: Omit<Checkpoint, 'signature'>): Buffer =>
  Buffer.from(domain + canonicalJson({ seq, hash, time }))

const checkpointFile = 'audit-checkpoints.jsonl'

/** Whether one of these keys signed it. */
export const isSigned = (checkpoint: Checkpoint, keys: readonly KeyObject[]): boolean =>
  keys.some((key) => verify(undefined, signedText(checkpoint), key, Buffer.from(checkpoint.signature, 'base64')))

/** Checkpoints of a file, one a line. Throws with the number of a line that is none, or that no such key signed. */
export function parseCheckpoints(text: string, keys: readonly KeyObject[]): Checkpoint[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const checkpoint = parsed(line)
    if (checkpoint === undefined) throw new StartError(`line ${i + 1} is no checkpoint`)
    if (!isSigned(checkpoint, keys)) throw new StartError(`the signature of line ${i + 1} is not of this key`)
    return [checkpoint]
  })
}

function parsed(line: string): Checkpoint | undefined {
  try {
    const { seq, hash, time, signature } = JSON.parse(line) as Checkpoint
    const sound = Number.isSafeInteger(seq) && [hash, time, signature].every((text) => typeof text === 'string')
    return sound ? { seq, hash, time, signature } : undefined
  } catch {
    return undefined
  }
}

/** The text without a last line that a power cut left half-written. */
const whole = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1)

/** Checkpoints kept in the data directory, oldest first; signatures checked. */
export function ownCheckpoints(dataDir: string, keys: readonly KeyObject[]): Checkpoint[] {
  const file = join(dataDir, checkpointFile)
  try {
    return existsSync(file) ? parseCheckpoints(whole(readFileSync(file, 'utf8')), keys) : []
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${file}: ${reason}. If the key was lost, add the public key that belongs to it to ${retiredFile(dataDir)}; or move the file away`,
      { cause: error },
    )
  }
}

/** Signs places of the chain and keeps them beside the data, for whoever carries them further. */
export interface Signer {
  /** PEM, to keep where nobody of this machine can change it; those of before behind it. */
  readonly publicKey: string
  /** The same, to check signatures with. */
  readonly keys: readonly KeyObject[]
  /** As kept in the data directory, oldest first; signatures checked. */
  all(): readonly Checkpoint[]
  sign(at: Anchor, now: number): Checkpoint
}

export function openSigner(dataDir: string): Signer {
  const key = openKey(dataDir)
  const publicKey = publicKeys(dataDir) ?? ''
  const keys = parsePublicKeys(publicKey, 'the key')
  const file = join(dataDir, checkpointFile)
  if (existsSync(file)) truncateSync(file, Buffer.byteLength(whole(readFileSync(file, 'utf8'))))
  return {
    publicKey,
    keys,
    all: () => ownCheckpoints(dataDir, keys),
    sign({ seq, hash }, now) {
      const unsigned = { seq, hash, time: new Date(now).toISOString() }
      const checkpoint = { ...unsigned, signature: sign(undefined, signedText(unsigned), key).toString('base64') }
      appendFileSync(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 })
      return checkpoint
    },
  }
}
