import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseArp } from '../../../src/exporters/host/collectors/arp.ts'
import { modes, neverFalling, type CpuTimes } from '../../../src/exporters/host/collectors/cpu.ts'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { parseExposition, scrapeText, type Family } from '../../support/exposition.ts'
import { fixtures, hostConfigOf } from '../../support/host-config.ts'
import { quiet } from '../../support/logger.ts'

// Property 6 of the specification, "System metrics", on the recorded machine and on generated readings.

let root: string
let files: readonly string[]
let whole: ReadonlyMap<string, Family>

/** Mounts are asked in children, which is slow and has its own test; these say what this machine says. */
const apart = ['filesystem', 'timex', 'time', 'build_info']

async function page(): Promise<Map<string, Family>> {
  const exporter = createHostExporter(hostConfigOf(root, { collectors_disabled: apart }), { log: quiet })
  try {
    return parseExposition(await scrapeText(exporter))
  } finally {
    await exporter.stop?.()
  }
}

/** Regular files; links are not followed, since /sys is full of circles. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : []
  })
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aura-host-'))
  cpSync(fixtures, root, { recursive: true, verbatimSymlinks: true })
  files = filesBelow(root)
  whole = await page()
})

afterAll(() => rmSync(root, { recursive: true }))

/** Runs with one file changed, or without it. */
async function withFile(path: string, text: Buffer | undefined, run: () => Promise<void>): Promise<void> {
  const before = readFileSync(path)
  if (text === undefined) rmSync(path)
  else writeFileSync(path, text)
  try {
    await run()
  } finally {
    writeFileSync(path, before)
  }
}

const aFile = () => fc.nat().map((n) => files[n % files.length] as string)

/** Shares of a whole; btrfs' allocation ratio is a factor (2 for mirrored data), timex' a frequency beside another. */
const share = /_ratio$(?<!btrfs_allocation_ratio|frequency_adjustment_ratio)/

/** Samples that no page may carry. */
function unsound(families: ReadonlyMap<string, Family>): string[] {
  const found: string[] = []
  for (const [name, { type, samples }] of families) {
    for (const [labels, value] of samples) {
      const negative = type === 'counter' && value < 0
      if (Number.isNaN(value) || negative || (share.test(name) && (value < 0 || value > 1))) {
        found.push(`${name}${labels} ${value}`)
      }
    }
  }
  return found
}

test('system metrics: a file cut short anywhere leaves a sound page', async () => {
  await fc.assert(
    fc.asyncProperty(aFile(), fc.double({ min: 0, max: 1, noNaN: true }), async (path, part) => {
      const text = readFileSync(path)
      await withFile(path, text.subarray(0, Math.floor(text.length * part)), async () =>
        expect(unsound(await page())).toEqual([]),
      )
    }),
    { numRuns: 100 },
  )
}, 60_000)

test('system metrics: nonsense in any file leaves a sound page', async () => {
  await fc.assert(
    fc.asyncProperty(aFile(), fc.stringMatching(/^[ -~\t\n]{0,200}$/), async (path, text) => {
      await withFile(path, Buffer.from(text), async () => expect(unsound(await page())).toEqual([]))
    }),
    { numRuns: 100 },
  )
}, 60_000)

/** Counts over several files, which a missing one changes; what a missing file itself tells; what is about the scrape. */
const counted =
  /^node_scrape_collector_|^node_bonding_(active|slaves)$|^node_md_disks$|^node_selinux_enabled$|^node_textfile_scrape_error$/

/** A device without the file that names it goes by another name; its values stay what they were. */
function changed(name: string, samples: ReadonlyMap<string, number>): string[] {
  const before = whole.get(name)?.samples ?? new Map<string, number>()
  const values = new Set(before.values())
  return [...samples]
    .filter(([labels, value]) => (before.has(labels) ? before.get(labels) !== value : !values.has(value)))
    .map(([labels, value]) => `${name}${labels} ${value}`)
}

test('system metrics: a missing file is an absent series, never another value', async () => {
  await fc.assert(
    fc.asyncProperty(aFile(), async (path) => {
      await withFile(path, undefined, async () => {
        const families = [...(await page())].filter(([name]) => !counted.test(name))
        expect(families.flatMap(([name, { samples }]) => changed(name, samples))).toEqual([])
      })
    }),
    { numRuns: 100 },
  )
}, 60_000)

const someSeconds = () => fc.array(fc.nat({ max: 1_000_000 }), { minLength: modes.length, maxLength: modes.length })

test('system metrics: a CPU counter never falls, unless its CPU began anew', () => {
  fc.assert(
    fc.property(fc.array(someSeconds(), { minLength: 2 }), (readings) => {
      let before: CpuTimes | undefined
      for (const seconds of readings) {
        const now = neverFalling(before, { cpu: '0', seconds })
        const anew = before !== undefined && (before.seconds[3] ?? 0) - (seconds[3] ?? 0) >= 3
        if (before !== undefined && !anew) {
          modes.forEach((mode, i) => expect(now.seconds[i], mode).toBeGreaterThanOrEqual(before?.seconds[i] ?? 0))
        }
        before = now
      }
    }),
  )
})

test('system metrics: ARP entries by device add up to all entries', () => {
  const device = fc.stringMatching(/^[a-z]{1,8}[0-9]{0,3}$/)
  fc.assert(
    fc.property(fc.array(device), (devices) => {
      const lines = devices.map((name, i) => `192.0.2.${i}  0x1  0x2  02:fc:00:00:00:05  *  ${name}`)
      const entries = parseArp(`${['IP address  HW type', ...lines].join('\n')}\n`)
      expect([...entries.values()].reduce((sum, count) => sum + count, 0)).toBe(devices.length)
    }),
  )
})
