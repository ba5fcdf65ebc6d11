import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeFiles, writeFamily } from '../../../src/exporters/host/textfile/merge.ts'
import { parseTextFamilies } from '../../../src/exporters/host/textfile/parse.ts'
import { createExposition, gauge } from '../../../src/lib/exposition.ts'
import { parseExposition } from '../../support/exposition.ts'

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/)
const series = fc.record({
  labels: fc.dictionary(name, fc.string({ unit: 'binary', maxLength: 12 }), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(Infinity, -Infinity)),
})
const family = fc.record({ name, series: fc.array(series, { minLength: 1, maxLength: 5 }) })

/** A page as a careful program writes it. */
function render(
  families: readonly { name: string; series: readonly { labels: Record<string, string>; value: number }[] }[],
): string {
  return families
    .map((one) => {
      const out = createExposition()
      for (const { labels, value } of one.series.slice(0, 1)) {
        out.set(gauge(one.name, 'Help.', ...Object.keys(labels)), value, ...Object.values(labels))
      }
      return out.text()
    })
    .join('')
}

test('what a program writes is read back unaltered, whatever its labels hold', () => {
  fc.assert(
    fc.property(fc.uniqueArray(family, { selector: (one) => one.name, maxLength: 5 }), (families) => {
      const parsed = parseTextFamilies(render(families))
      expect(parsed.map((one) => [one.name, one.type, one.samples.map(({ value }) => value)])).toEqual(
        families.map((one) => [one.name, 'gauge', [one.series[0]?.value === 0 ? 0 : one.series[0]?.value]]),
      )
      for (const [index, one] of parsed.entries()) {
        expect(Object.fromEntries(one.samples[0]?.labels ?? [])).toEqual(families[index]?.series[0]?.labels)
      }
    }),
  )
})

test('whatever lies in the directory, the page stays one that Prometheus takes', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom(
      '# TYPE a counter',
      '# TYPE a histogram',
      '# HELP a x',
      'a 1',
      'a{x="1"} 2',
      'a_bucket{le="1"} 3',
      'a_sum 4',
      'b NaN',
      'b{',
    ),
  )
  const file = fc.array(line, { maxLength: 8 }).map((lines) => `${lines.join('\n')}\n`)
  fc.assert(
    fc.property(fc.array(file, { maxLength: 4 }), (texts) => {
      const files = texts.flatMap((text, index) => {
        try {
          return [{ path: `${index}.prom`, mtime: 1, families: parseTextFamilies(text) }]
        } catch {
          return []
        }
      })
      const out = createExposition()
      for (const one of mergeFiles(files).families) if (!out.has(one.name)) writeFamily(one, out)
      parseExposition(out.text())
    }),
    { numRuns: 500 },
  )
})

test('a family whose name another file’s histogram writes too is left out and told', () => {
  const texts = ['a_bucket{le="1"} 3\n', '# TYPE a histogram\na_bucket{le="1"} 3\n']
  const files = texts.map((text, i) => ({ path: `${i}.prom`, mtime: 1, families: parseTextFamilies(text) }))
  const { families, faults } = mergeFiles(files)
  expect(families.map((one) => one.name)).toEqual(['a_bucket'])
  expect(faults).toEqual(['1.prom: a has a name that a_bucket writes elsewhere'])
})
