import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '../../lib/write-file-atomic.ts'
import type { Account } from './account.ts'

/** What Aura must remember of its cluster. Kept inside the data directory, so that they move and are copied together. */
export interface Credentials {
  /** Loopback port. */
  readonly port: number
  /** Passwords by role. */
  readonly passwords: { readonly postgres: string; readonly aura: string; readonly aura_exporter: string }
}

const password = (): string => randomBytes(24).toString('hex')

/** New passwords; the port is chosen at the first start. */
export function createCredentials(): Credentials {
  return { port: 0, passwords: { postgres: password(), aura: password(), aura_exporter: password() } }
}

const fileIn = (directory: string): string => join(directory, 'aura.json')

/** Undefined if the file is missing or is not what was written. */
export function readCredentials(directory: string): Credentials | undefined {
  if (!existsSync(fileIn(directory))) return undefined
  try {
    const { port, passwords } = JSON.parse(readFileSync(fileIn(directory), 'utf8')) as Credentials
    const known = [passwords.postgres, passwords.aura, passwords.aura_exporter]
    return Number.isInteger(port) && known.every((p) => /^[0-9a-f]{48}$/.test(p)) ? { port, passwords } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Only its owner can read the file. */
export function writeCredentials(directory: string, credentials: Credentials, owner: Account | undefined): void {
  writeFileAtomic(fileIn(directory), `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, owner })
}
