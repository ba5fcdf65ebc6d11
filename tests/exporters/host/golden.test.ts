import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { parseExposition, scrapeText } from '../../support/exposition.ts'
import { fixtures, hostConfigOf } from '../../support/host-config.ts'
import { quiet } from '../../support/logger.ts'

/** What the machine that runs the test decides, and not the fixtures. */
const machine: readonly (readonly [RegExp, string])[] = [
  [/^(node_scrape_collector_duration_seconds\{.*\}) .*$/gm, '$1 <duration>'],
  [/^(node_time_seconds) .*$/gm, '$1 <now>'],
  [/^(node_time_zone_offset_seconds)\{.*$/gm, '$1{time_zone="<zone>"} <offset>'],
  [/^(node_exporter_build_info)\{.*$/gm, '$1{<build>} 1'],
  [/^(node_timex_\w+) .*$/gm, '$1 <adjtimex>'],
  [/^(node_filesystem_(?:avail_bytes|files|files_free|free_bytes|size_bytes)\{.*\}) .*$/gm, '$1 <statfs>'],
]

/** Families and their samples in alphabetical order: collectors end in any order. */
function sorted(text: string): string {
  const families = text.split(/^(?=# HELP )/m).map((family) => {
    const [help = '', type = '', ...samples] = family.trimEnd().split('\n')
    return [help, type, ...samples.toSorted()].join('\n')
  })
  return `${families.toSorted().join('\n')}\n`
}

test('publishes a recorded machine as agreed', async () => {
  const exporter = createHostExporter(hostConfigOf(fixtures), { log: quiet })
  const text = await scrapeText(exporter)
  await exporter.stop?.()
  expect(parseExposition(text).size).toBeGreaterThan(200)
  const masked = machine
    .reduce((page, [pattern, mask]) => page.replaceAll(pattern, mask), sorted(text))
    .replaceAll(fixtures, '<fixtures>')
  await expect(masked).toMatchFileSnapshot(join(import.meta.dirname, 'golden.prom'))
})
