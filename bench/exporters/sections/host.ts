import { compare, type Plan } from '../compare.ts'
import { makeNodeExporter, makeOurs, nodeExporter, type Contender } from '../contenders.ts'
import { networkAddress } from '../machine.ts'
import type { Pair } from '../../lib/statistics.ts'
import { comparisonTable, ratiosOf, sizeTable } from '../comparison-table.ts'
import { ratioTarget } from '../../lib/targets.ts'
import { withBoth } from '../with-both.ts'
import { blocks, paced, type Section } from './section.ts'

const names = { ours: 'aura /metrics/host', theirs: 'node_exporter' }

/** /metrics/host against node_exporter. */
export const host: Section = async (effort, { print, progress }) => {
  if (nodeExporter === undefined) {
    print('Host: skipped, node_exporter is not installed (Debian: apt install prometheus-node-exporter)')
    return []
  }
  const peer = nodeExporter
  const plan = blocks(effort, effort.hostScrapes)
  const show = async (title: string, sides: Pair<Contender>, changes: Partial<Plan>): Promise<void> => {
    progress(`host: ${title}`)
    print(`Host, ${title}\n${comparisonTable(names, await compare(sides, { ...plan, ...changes }))}`)
  }
  const both = (address?: string) => ({
    ours: () => makeOurs('host', '/metrics/host', address === undefined ? {} : { host: address }),
    theirs: () => makeNodeExporter(peer, address),
  })
  const main = await withBoth(both(), async (sides) => {
    progress('host: one scraper')
    const comparison = await compare(sides, plan)
    print(`Host, one scraper over loopback\n${comparisonTable(names, comparison)}\n\n${sizeTable(names, comparison)}`)
    const fewer = { repeats: Math.min(effort.repeats, 3) }
    await show('10 scrapers at the same time', sides, { ...fewer, concurrency: 10 })
    await show('both asked not to compress', sides, { ...fewer, headers: { 'accept-encoding': 'identity' } })
    await show('one scrape a second (cold caches)', sides, paced(effort))
    return comparison
  })
  const address = networkAddress()
  if (address === undefined) print('Host, over a network address: skipped, this machine has none')
  else {
    await withBoth(both(address), (sides) =>
      show('over a network address (both compress)', sides, { repeats: Math.min(effort.repeats, 3) }),
    )
  }
  const { p50, p99, cpu } = ratiosOf(main)
  return [
    ratioTarget('host scrape p50', 0.5, p50),
    ratioTarget('host scrape p99', 0.6, p99),
    ratioTarget('host CPU per scrape', 0.5, cpu),
  ]
}
