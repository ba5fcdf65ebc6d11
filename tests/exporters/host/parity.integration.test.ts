import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Exporter } from '../../../src/exporters/exporter.ts'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { createRunner, everything, type Runner } from '../../../src/exporters/runner.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { hostConfigWith } from '../../support/host-config.ts'
import { quiet } from '../../support/logger.ts'
import { nodeExporter, startNodeExporter } from '../../support/peers/node-exporter.ts'
import type { Peer } from '../../support/peers/peer.ts'

/** Families whose label values or values cannot be equal, and why. Presence, TYPE and label keys are compared all the same. */
const differsByNature: Readonly<Record<string, string>> = {
  node_exporter_build_info: 'says which program is running',
  node_scrape_collector_duration_seconds: 'how long our own collectors take',
  node_scrape_collector_success: 'which of our collectors found a source; compared by name in a test of its own',
}

/** How far a gauge may lie outside its two neighbouring scrapes on a busy machine, by pattern of the name. */
const slack: readonly (readonly [RegExp, number])[] = [
  [/^node_(memory_.*|filesystem_(avail|free))_bytes$/, 256 * 1024 * 1024],
  [/^node_filesystem_files_free$/, 5000],
  [/^node_(filefd_allocated|sockstat_.*|netstat_Tcp_CurrEstab|procs_.*)$/, 200],
  [/^node_vmstat_/, 0],
  [/^node_sockstat_.*_bytes$/, 16 * 1024 * 1024],
  [/^node_timex_/, 0.01],
  [/^node_load/, 2],
  [/^node_disk_io_now$/, 50],
]

type Page = ReadonlyMap<string, Family>

interface Scrapes {
  readonly before: Page
  readonly ours: Page
  readonly after: Page
}

const pageOf = async (text: Promise<string>): Promise<Page> =>
  new Map([...parseExposition(await text)].filter(([name]) => name.startsWith('node_')))

async function scrapeAll(peer: Peer, runner: Runner): Promise<Scrapes> {
  const mine = async (): Promise<string> => {
    const out = createExposition()
    await runner.scrape(everything, 3000, out)
    return out.text()
  }
  return { before: await pageOf(peer.scrape()), ours: await pageOf(mine()), after: await pageOf(peer.scrape()) }
}

/** Our value lies between the two of the peer: exactly for counters, with some slack for gauges. */
function between(name: string, type: string, before: number, ours: number, after: number): boolean {
  const rounding = Math.abs(after) * 1e-9
  const extra = type === 'counter' ? 0 : (slack.find(([pattern]) => pattern.test(name))?.[1] ?? 0)
  return ours >= Math.min(before, after) - extra - rounding && ours <= Math.max(before, after) + extra + rounding
}

function wrongValues({ before, ours, after }: Scrapes): string[] {
  const wrong: string[] = []
  for (const [name, family] of before) {
    if (name in differsByNature) continue
    for (const [labels, value] of family.samples) {
      const later = after.get(name)?.samples.get(labels)
      const mine = ours.get(name)?.samples.get(labels)
      if (later === undefined) continue // a device that vanished meanwhile
      if (mine === undefined) wrong.push(`${name}${labels} is missing`)
      else if (!between(name, family.type, value, mine, later)) {
        wrong.push(`${name}${labels} is ${mine}, not between ${value} and ${later}`)
      }
    }
  }
  return wrong
}

const seriesOf = (line: string): string => line.replace(/ (is missing|is \S+, not between .*)$/, '')

const installed = nodeExporter !== undefined
const compare = test.runIf(installed)

let peer: Peer
let exporter: Exporter
let runner: Runner
let scrapes: Scrapes

beforeAll(async () => {
  if (!installed) return
  peer = await startNodeExporter()
  exporter = createHostExporter(hostConfigWith(), { log: quiet })
  runner = createRunner(exporter, quiet)
  scrapes = await scrapeAll(peer, runner)
})

afterAll(async () => {
  if (!installed) return
  await exporter.stop?.()
  await peer[Symbol.asyncDispose]()
})

compare('has every family', () => {
  expect([...scrapes.before.keys()].filter((name) => !scrapes.ours.has(name))).toEqual([])
})

compare('gives each family the same type', () => {
  const types = (page: Page): string[] => [...scrapes.before.keys()].map((name) => `${name} ${page.get(name)?.type}`)
  expect(types(scrapes.ours)).toEqual(types(scrapes.before))
})

compare('gives each family the same label keys', () => {
  const labels = (page: Page): string[] =>
    [...scrapes.before.keys()].map((name) => `${name} ${page.get(name)?.labels.join()}`)
  expect(labels(scrapes.ours)).toEqual(labels(scrapes.before))
})

compare('has every series, with a value between those of a scrape before and one after', async () => {
  // Gauges move while a machine works: what is wrong only once is not wrong.
  let wrong = wrongValues(scrapes)
  for (let attempt = 0; attempt < 3 && wrong.length > 0; attempt++) {
    const suspects = new Set(wrong.map(seriesOf))
    wrong = wrongValues(await scrapeAll(peer, runner)).filter((line) => suspects.has(seriesOf(line)))
  }
  expect(wrong).toEqual([])
})

compare('adds no series to its families but what Debian filters away', () => {
  const added: string[] = []
  for (const [name, family] of scrapes.before) {
    if (name in differsByNature) continue
    const mine = scrapes.ours.get(name)?.samples.keys() ?? []
    for (const labels of mine) if (!family.samples.has(labels)) added.push(`${name}${labels}`)
  }
  const narrowed = /^node_network_\w+\{device="lo"\}$|^node_filesystem_.*mountpoint="\/(run|mnt|media)\//
  expect(added.filter((series) => !narrowed.test(series))).toEqual([])
})

compare('runs each collector under the same name', () => {
  const family = 'node_scrape_collector_success'
  const ours = scrapes.ours.get(family)?.samples
  const missing = [...(scrapes.before.get(family)?.samples.keys() ?? [])].filter((labels) => !ours?.has(labels))
  expect(missing).toEqual([])
})

test.runIf(!installed)('node_exporter is not installed: nothing to compare with', (context) => {
  context.skip('install prometheus-node-exporter to compare the host page with it')
})
