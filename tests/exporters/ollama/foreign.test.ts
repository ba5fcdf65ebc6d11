import { describe, expect, test } from 'vitest'
import { parseForeign, writeForeign } from '../../../src/exporters/ollama/foreign.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition } from '../../support/exposition.ts'

function relayed(page: string): string {
  const out = createExposition()
  for (const family of parseForeign(page)) writeForeign(family, out)
  return out.text()
}

const page = `# HELP ollama_requests_queued Requests in the queue.
# TYPE ollama_requests_queued gauge
ollama_requests_queued 3
# HELP ollama_wait_seconds Time in the queue.
# TYPE ollama_wait_seconds histogram
ollama_wait_seconds_bucket{model="a",le="0.1"} 1
ollama_wait_seconds_bucket{model="a",le="+Inf"} 2
ollama_wait_seconds_sum{model="a"} 0.7
ollama_wait_seconds_count{model="a"} 2
# TYPE ollama_odd_total counter
ollama_odd_total{path="C:\\\\x",text="say \\"hi\\"\\nnow"} 1
ollama_odd_total 4
`

test('a page comes out as it went in', () => {
  expect(parseExposition(relayed(page))).toEqual(parseExposition(page))
})

test('the samples of a family stay together', () => {
  const names = relayed(page)
    .split('\n')
    .filter((line) => !line.startsWith('#') && line !== '')
    .map((line) => line.replace(/[{ ].*/, '').replace(/_(bucket|sum|count)$/, ''))
  expect([...new Set(names)]).toEqual(names.filter((name, i) => name !== names[i - 1]))
})

describe('odds and ends of the format', () => {
  test('a family without TYPE is untyped; timestamps, exemplars and comments are left out', () => {
    expect(relayed('# a remark\nplain_value{a="b"} 1.5e3 1700000000000\n\n# EOF\n')).toBe(
      '# TYPE plain_value untyped\nplain_value{a="b"} 1500\n',
    )
  })

  test('infinities, and NaN which is not shown', () => {
    expect(relayed('a +Inf\nb -Inf\nc NaN\n')).toBe('# TYPE a untyped\na +Inf\n# TYPE b untyped\nb -Inf\n')
  })

  test('a family of which nothing is known but its name is left out', () => {
    expect(relayed('# HELP nothing At all.\n# TYPE nothing gauge\n')).toBe('')
  })
})

test.each([['<html>'], ['a b'], ['a{b=c} 1'], ['a{b="c} 1'], ['{"error":"x"}']])('%s is refused', (line) => {
  expect(() => parseForeign(line)).toThrow(/not .*Prometheus/)
})

test('a sample given twice is relayed once, and a family that is there already not at all', () => {
  const out = createExposition()
  const [first] = parseForeign('a{b="c"} 1\na{b="c"} 2\n')
  if (first === undefined) throw new Error('no family')
  writeForeign(first, out)
  writeForeign(first, out)
  expect(out.text()).toBe('# TYPE a untyped\na{b="c"} 1\n')
})
