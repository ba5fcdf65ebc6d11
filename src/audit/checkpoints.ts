import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../errors.ts'
import { writeFileAtomic } from '../lib/write-file-atomic.ts'
import { canonicalJson } from './canonical.ts'
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

const keyFile = 'audit-key.pem'
const checkpointFile = 'audit-checkpoints.jsonl'

/** Whether this key signed it. */
export const isSigned = (checkpoint: Checkpoint, key: KeyObject): boolean =>
  verify(undefined, signedText(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))

/** The key of this Aura, made at the first start; only its owner can read the file. */
function openKey(dataDir: string): KeyObject {
  const file = join(dataDir, keyFile)
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileAtomic(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 })
  }
  try {
    return createPrivateKey(readFileSync(file))
  } catch (error) {
    throw new StartError(`${file} is no private key: restore it from a backup, or move it away for a new one`, {
      cause: error,
    })
  }
}

/** Checkpoints of a file, one a line. Throws with the number of a line that is none, or that another key signed. */
export function parseCheckpoints(text: string, key: KeyObject): Checkpoint[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const checkpoint = parsed(line)
    if (checkpoint === undefined) throw new StartError(`line ${i + 1} is no checkpoint`)
    if (!isSigned(checkpoint, key)) throw new StartError(`the signature of line ${i + 1} is not of this key`)
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

/** Signs places of the chain and keeps them beside the data, for whoever carries them further. */
export interface Signer {
  /** PEM, to keep where nobody of this machine can change it. */
  readonly publicKey: string
  /** As kept in the data directory, oldest first; signatures checked. */
  all(): readonly Checkpoint[]
  sign(at: Anchor, now: number): Checkpoint
}

export function openSigner(dataDir: string): Signer {
  const key = openKey(dataDir)
  const publicKey = createPublicKey(key)
  const file = join(dataDir, checkpointFile)
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    all: () => (existsSync(file) ? parseCheckpoints(readFileSync(file, 'utf8'), publicKey) : []),
    sign({ seq, hash }, now) {
      const unsigned = { seq, hash, time: new Date(now).toISOString() }
      const checkpoint = { ...unsigned, signature: sign(undefined, signedText(unsigned), key).toString('base64') }
      appendFileSync(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 })
      return checkpoint
    },
  }
}
