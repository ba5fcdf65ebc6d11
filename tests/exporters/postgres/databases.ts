import { Client } from 'pg'
import { Value } from 'typebox/value'
import { databasesConfig, type DatabasesConfig } from '../../../src/exporters/postgres/databases/config.ts'
import type { Family } from '../../support/exposition.ts'
import { findPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createScraper, type Scraper } from './exporter.ts'

/** The versions of the server that are installed, oldest first. */
export const majors = [13, 14, 15, 16, 17, 18].filter((one) => findPostgres(one) !== undefined)

/** The newest, if it can copy databases by file; undefined where there is none. */
export const major = majors.findLast((one) => one >= 15)
if (major === undefined) console.warn('skipped: databases of a real server: no PostgreSQL 15 to 18 is installed')

/** The whole exporter, with other settings for its databases. */
export const scraper = (server: TestPostgres, options: Partial<DatabasesConfig> = {}): Scraper =>
  createScraper(() => server.url, { databases: Value.Default(databasesConfig, options) as DatabasesConfig })

/** Keeps a transaction with this statement open, and so its locks, until disposed of. */
export async function hold(server: TestPostgres, database: string, sql: string): Promise<AsyncDisposable> {
  const client = new Client(server.urlOf('postgres', database))
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`begin; ${sql}`)
  return { [Symbol.asyncDispose]: () => client.end() }
}

export function successOf(page: Map<string, Family>, datname: string): number | undefined {
  return page.get('pg_database_scrape_success')?.samples.get(`{datname="${datname}"}`)
}
