import { sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { growth, leftover, memory } from './measures.ts'
import { scrape } from './requests.ts'
import { metricsUrl } from './settings.ts'

const textOf = ({ body }: { readonly body: unknown }): string => (typeof body === 'string' ? body : '')

/** Sum of a metric over all its series; 0 where it has none. */
export function sumOf(page: string, name: string): number {
  const lines = page.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** Watches the memory of Aura; what it has after `warmup` seconds is where growth begins. */
export function createMemoryWatch(warmup: number) {
  let begin: number | undefined
  return {
    look(): void {
      const answer = scrape('/metrics', 'process_resident_memory_bytes')
      scrape('/metrics/all', 'node_scrape_collector_success')
      const bytes = sumOf(textOf(answer), 'process_resident_memory_bytes')
      memory.add(bytes)
      if (Date.now() - exec.scenario.startTime < warmup * 1000) return
      begin ??= bytes
      growth.add(bytes - begin)
    },
  }
}

/** Connections still in the books after all were closed; they get five seconds to go. */
export function lookForLeftovers(): void {
  let open = 0
  for (let tries = 0; tries < 10; tries++) {
    open = sumOf(textOf(http.get(`${metricsUrl}/metrics`)), 'aura_bridge_connections')
    if (open === 0) break
    sleep(0.5)
  }
  leftover.add(open)
}
