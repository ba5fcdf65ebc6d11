import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../errors.ts'
import { writeFileAtomic } from '../lib/write-file-atomic.ts'

const keyFile = (dataDir: string): string => join(dataDir, 'audit-key.pem')
/** Public keys that signed before the present one, so that what they signed stays good. */
export const retiredFile = (dataDir: string): string => join(dataDir, 'audit-keys-retired.pem')

const publicPem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()

/** Every public key of a file of PEM blocks. */
export function parsePublicKeys(text: string, name: string): KeyObject[] {
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  try {
    if (blocks.length > 0) return blocks.map((block) => createPublicKey(block))
  } catch {
    // Said below.
  }
  throw new StartError(`${name} holds no public key: it must read -----BEGIN PUBLIC KEY-----, see aura audit key`)
}

function readKey(dataDir: string): KeyObject {
  const file = keyFile(dataDir)
  try {
    return createPrivateKey(readFileSync(file))
  } catch (error) {
    throw new StartError(`${file} is no private key: restore it from a backup, or move it away for a new one`, {
      cause: error,
    })
  }
}

function makeKey(dataDir: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileAtomic(keyFile(dataDir), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 })
}

/** The key of this Aura, made at the first start; only its owner can read the file. */
export function openKey(dataDir: string): KeyObject {
  if (!existsSync(keyFile(dataDir))) makeKey(dataDir)
  return readKey(dataDir)
}

/** What this Aura signs, and has signed, with: PEM blocks, the present one first; undefined if it never signed. */
export function publicKeys(dataDir: string): string | undefined {
  if (!existsSync(keyFile(dataDir))) return undefined
  const retired = existsSync(retiredFile(dataDir)) ? readFileSync(retiredFile(dataDir), 'utf8') : ''
  return publicPem(readKey(dataDir)) + retired
}

/** Signs with another key from the next start on. What the one before signed stays good. */
export function rotateKey(dataDir: string): void {
  if (existsSync(keyFile(dataDir))) {
    // First, so that a power cut between the two leaves every signature with its key.
    appendFileSync(retiredFile(dataDir), publicPem(readKey(dataDir)), { mode: 0o600, flush: true })
  }
  makeKey(dataDir)
}
