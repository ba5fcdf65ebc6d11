import {
  exporters,
  makeNodeExporter,
  makeOurs,
  makePostgresExporter,
  nodeExporter,
  postgresExporter,
  watching,
  type Contender,
} from '../contenders.ts'
import type { PostgresServer } from '../postgres.ts'
import { median } from '../../lib/statistics.ts'
import { fixed, table } from '../../lib/table.ts'
import { valueTarget } from '../../lib/targets.ts'
import type { Section } from './section.ts'

interface Start {
  readonly name: string
  /** Our own promise is about these. */
  readonly promised: boolean
  readonly make: () => Promise<Contender>
}

/** From exec to the last byte of the first complete page. */
export function createStartSection(server: PostgresServer | undefined): Section {
  return async ({ starts }, { print, progress }) => {
    await server?.growTo(6)
    const rows: (string | number)[][] = [['', 'median ms', 'max ms', 'series on it']]
    const verdicts = []
    for (const { name, promised, make } of candidates(server)) {
      progress(`start: ${name}`)
      const { times, series } = await measure(make, starts)
      rows.push([name, fixed(median(times), 0), fixed(Math.max(...times), 0), series])
      if (promised) verdicts.push(valueTarget(`first complete page, ${name}`, 0.5, 's', median(times) / 1000, 2))
    }
    print(`Start: from exec to the last byte of the first complete page, ${starts} starts each\n${table(rows)}`)
    return verdicts
  }
}

function candidates(server: PostgresServer | undefined): Start[] {
  const node = nodeExporter
  const postgres = postgresExporter
  const list: Start[] = [{ name: 'aura /metrics/host', promised: true, make: () => makeOurs('host', '/metrics/host') }]
  if (server) {
    const options = { env: watching(server), complete: /^pg_up 1$/m }
    const make = () => makeOurs(exporters.join(','), '/metrics/all', options)
    list.push({ name: 'aura /metrics/all', promised: true, make })
  }
  if (node) list.push({ name: 'node_exporter', promised: false, make: () => makeNodeExporter(node) })
  if (server && postgres) {
    list.push({ name: 'postgres_exporter', promised: false, make: () => makePostgresExporter(postgres, server) })
  }
  return list
}

/** The first start is not counted: after a change of the code it fills Node's compile cache. */
async function measure(make: () => Promise<Contender>, starts: number): Promise<{ times: number[]; series: number }> {
  const times: number[] = []
  let series = 0
  for (let i = 0; i <= starts; i++) {
    const contender = await make()
    await contender.stop()
    if (i > 0) times.push(contender.firstPage)
    series = contender.firstPageSize.series
  }
  return { times, series }
}
