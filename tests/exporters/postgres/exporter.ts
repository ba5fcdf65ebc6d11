import { Value } from 'typebox/value'
import { postgresConfig, type PostgresConfig } from '../../../src/exporters/postgres/config.ts'
import { createPostgresExporter } from '../../../src/exporters/postgres/index.ts'
import { createRunner, everything, type Filter } from '../../../src/exporters/runner.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { recordingLogger, type Line } from '../../support/logger.ts'

export interface Scraper extends AsyncDisposable {
  /** One scrape through the real runner; the exporter, and so its connections, stay between scrapes. */
  scrape(filter?: Filter, deadline?: number): Promise<Map<string, Family>>
  readonly log: readonly Line[]
}

/** The section with its defaults, and what a test changes. */
export const defaults = (changes: Partial<PostgresConfig> = {}): PostgresConfig => ({
  ...(Value.Default(postgresConfig, {}) as PostgresConfig),
  ...changes,
})

/** The exporter with its defaults, and what a test changes. */
export function createScraper(url: () => string | undefined, changes: Partial<PostgresConfig> = {}): Scraper {
  const log = recordingLogger()
  const exporter = createPostgresExporter({ ...defaults(changes), url }, { log })
  const runner = createRunner(exporter, log)
  return {
    log: log.lines,
    async scrape(filter = everything, deadline = 3000) {
      const out = createExposition()
      await runner.scrape(filter, deadline, out)
      return parseExposition(out.text())
    },
    async [Symbol.asyncDispose]() {
      await exporter.stop?.()
    },
  }
}

/** Value of one sample, by its labels as `parseExposition` writes them. */
export const value = (page: Map<string, Family>, name: string, labels = ''): number | undefined =>
  page.get(name)?.samples.get(labels)

/** Collectors whose success is 0, in order. */
export function failing(page: Map<string, Family>): string[] {
  const samples = page.get('pg_scrape_collector_success')?.samples ?? new Map<string, number>()
  return [...samples]
    .filter(([, ok]) => ok === 0)
    .map(([labels]) => /"(.*)"/.exec(labels)?.[1] ?? '')
    .toSorted()
}
