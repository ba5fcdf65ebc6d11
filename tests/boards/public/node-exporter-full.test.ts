import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, beforeAll, expect, test } from 'vitest'
import type { Exporter } from '../../../src/exporters/exporter.ts'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { parseExposition, scrapeText, type Family } from '../../support/exposition.ts'
import { hostConfigWith } from '../../support/host-config.ts'
import { quiet } from '../../support/logger.ts'
import { recordedMachine } from '../machine.ts'
import { nodeExporterFull } from './node-exporter-full.ts'
import { offeredHere } from './offered.ts'

/** Names that no exporter has, and the one that its author means. */
const mistakes: Readonly<Record<string, string>> = { node_kernel_hung_tasks: 'node_kernel_hung_tasks_total' }
const wanted = nodeExporterFull.map((name) => mistakes[name] ?? name)
/** What a recording cannot hold: they count the processes, interrupts and sockets of the moment. */
const ofTheMoment = /^node_(processes|interrupts|tcp_connection)_/

async function pageOf(exporter: Exporter): Promise<Map<string, Family>> {
  const page = parseExposition(await scrapeText(exporter))
  await exporter.stop?.()
  return page
}

const missing = (page: Map<string, Family>): string[] =>
  wanted.filter((name) => (page.get(name)?.samples.size ?? 0) === 0)

test('the list is that of the board: 224 names, none twice', () => {
  expect(new Set(nodeExporterFull).size).toBe(224)
  expect(nodeExporterFull.filter((name) => !name.startsWith('node_'))).toEqual([])
})

describe.skipIf(process.platform !== 'linux')('board 1860 on this machine', () => {
  let page: Map<string, Family>
  beforeAll(async () => {
    // Opt-in collectors, as the board's own README asks for.
    const config = hostConfigWith({ collectors_enabled: ['processes', 'interrupts', 'tcpstat'] })
    page = await pageOf(createHostExporter(config, { log: quiet }))
  })

  test('finds every name that kernel and hardware offer', () => {
    // Whether adjtimex is allowed is known to the kernel alone.
    const clock = page.get('node_scrape_collector_success')?.samples.get('{collector="timex"}') === 0
    const unexplained = missing(page).filter((name) => offeredHere(name) && !(clock && name.startsWith('node_timex_')))
    expect(unexplained).toEqual([])
  })

  test('what is said not to be offered is indeed absent', () => {
    expect(wanted.filter((name) => !offeredHere(name) && page.has(name))).toEqual([])
  })

  test('its variables find the machine', () => {
    expect(page.get('node_uname_info')?.labels).toContain('nodename')
  })
})

test.skipIf(process.platform !== 'linux')(
  'board 1860 finds every name on a recorded machine that has it all',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'aura-recorded-'))
    const page = await pageOf(recordedMachine(directory))
    rmSync(directory, { recursive: true, force: true })
    expect(missing(page).filter((name) => !ofTheMoment.test(name) && !name.startsWith('node_timex_'))).toEqual([])
  },
)

test.each(Object.entries(mistakes))('%s is the board’s own mistake: it means %s', (asked, meant) => {
  expect(nodeExporterFull).toContain(asked)
  expect(nodeExporterFull).not.toContain(meant)
})
