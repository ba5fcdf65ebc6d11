import { sleep } from 'k6'
import { optionsOf } from '../lib/options.ts'
import { reporting } from '../lib/report.ts'
import { scrapeAll } from '../lib/requests.ts'
import { profile, summaryFile } from '../lib/settings.ts'

// Ten Prometheus servers read all pages every second.

const { scrapers, seconds } = profile('exporters')

export const options = optionsOf('exporters', {
  scrapers: { executor: 'constant-vus', exec: 'read', vus: scrapers, duration: `${seconds}s` },
})

export function read(): void {
  const since = Date.now()
  scrapeAll()
  sleep(Math.max(0, 1 - (Date.now() - since) / 1000))
}
export const handleSummary = reporting('exporters', summaryFile)
