import type { Connection } from './types.ts'

/** Reads what the connect reply says of the server: `contract`, and `principal` by name. */
export function readWelcome(data: unknown): Pick<Connection, 'contract' | 'principal'> {
  if (typeof data !== 'object' || data === null) return {}
  const { contract, principal } = data as { contract?: unknown; principal?: unknown }
  const name = typeof principal === 'object' && principal !== null ? (principal as { name?: unknown }).name : principal
  return {
    ...(typeof contract === 'number' && { contract }),
    ...(typeof name === 'string' && { principal: name }),
  }
}
