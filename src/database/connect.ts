import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { ConfigError, StartError } from '../errors.ts'
import { createBackoff } from '../lib/backoff.ts'
import type { Logger } from '../lib/logger.ts'

const oldest = 130_000

/** A connection URL without its password and options: `user@host:port/database`. */
export function describeUrl(url: string): string {
  const { username, hostname, port, pathname } = new URL(url)
  return `${decodeURIComponent(username)}@${hostname}:${port === '' ? '5432' : port}${pathname}`
}

/**
 * Refuses what cannot be a connection URL, without repeating it: it may hold a password. One that holds `/` and `@`
 * unescaped would be read as a host and a database, and then shown.
 */
export function checkUrl(url: string): void {
  if (URL.canParse(url)) {
    const { protocol, pathname } = new URL(url)
    if (/^postgres(ql)?:$/.test(protocol) && /^\/[^/@:]+$/.test(pathname)) return
  }
  throw new ConfigError(
    'database.url is not a PostgreSQL URL: it must read postgres://user:password@host:port/database, with special characters in the password written as %XX',
  )
}

/** Codes of failures that may pass: the server is not there yet, is starting, or its name is not known yet. */
const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  '57P03',
  '53300',
])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Connecting to several addresses of one name fails with an AggregateError whose own message is empty. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

function mayPass(error: unknown): boolean {
  const code = codeOf(error)
  return passing.has(code) || (code === '' && /timeout|terminated unexpectedly/i.test(messageOf(error)))
}

/** What a refused connection means and what to do. `where` names the server without the password. */
export function explainConnectError(error: unknown, where: string): string {
  const message = messageOf(error)
  switch (codeOf(error)) {
    case '28P01':
      return `PostgreSQL at ${where} refuses the password: check the user and password in AURA_DATABASE_URL`
    case '28000':
      return `PostgreSQL at ${where} does not let this user in (${message}): see its pg_hba.conf, or the user in AURA_DATABASE_URL`
    case '3D000':
      return `PostgreSQL at ${where} has no such database: create it (createdb), or mend the name in AURA_DATABASE_URL`
    default:
      return `PostgreSQL at ${where} cannot be reached (${message}): check that it runs and that AURA_DATABASE_URL is right`
  }
}

async function probe(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'aura start' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    )
    const version = rows[0]?.version ?? 0
    if (version < oldest) {
      throw new StartError(
        `PostgreSQL at ${describeUrl(url)} is version ${Math.floor(version / 10_000)}; Aura needs 13 or later`,
      )
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Waits until the server lets us in: up to `timeout` ms for one that is starting, not at all for one that refuses. */
export async function awaitDatabase(url: string, timeout: number, log: Logger): Promise<void> {
  checkUrl(url)
  const where = describeUrl(url)
  const deadline = performance.now() + timeout
  const backoff = createBackoff(200, 2000)
  for (let attempt = 0; ; attempt++) {
    try {
      return await probe(url)
    } catch (error) {
      if (error instanceof StartError) throw error
      const wait = backoff.next()
      if (!mayPass(error) || performance.now() + wait > deadline) {
        throw new StartError(explainConnectError(error, where), { cause: error })
      }
      if (attempt === 0) log.info({}, `waiting for PostgreSQL at ${where} (${messageOf(error)})`)
      await sleep(wait)
    }
  }
}
