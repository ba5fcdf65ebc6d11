import { expect, test } from 'vitest'
import { createExposition, gauge, metricsByKey, untyped } from '../../src/lib/exposition.ts'
import { parseExposition } from '../support/exposition.ts'

test('a sample carries its labels escaped, and a family its header once', () => {
  const out = createExposition()
  const metric = gauge('a_b', 'What it says.\nSecond line', 'x', 'y')
  out.set(metric, 1, 'plain', 'quote " slash \\ line\n')
  out.set(metric, Infinity, '2', '')
  expect(out.text()).toBe(
    '# HELP a_b What it says.\\nSecond line\n# TYPE a_b gauge\n' +
      'a_b{x="plain",y="quote \\" slash \\\\ line\\n"} 1\na_b{x="2",y=""} +Inf\n',
  )
  expect(out.size()).toBe(2)
})

test('what is not known is absent, its header too', () => {
  const out = createExposition()
  out.set(gauge('a', 'A.'), undefined)
  out.set(gauge('b', 'B.'), Number.NaN)
  expect(out.text()).toBe('')
})

test('families named by the source are made once per key', () => {
  const byKey = metricsByKey((key) => untyped(`node_vmstat_${key}`, `/proc/vmstat ${key}.`))
  expect(byKey('pgfault')).toBe(byKey('pgfault'))
  const out = createExposition()
  out.set(byKey('pgfault'), 3)
  expect(parseExposition(out.text()).get('node_vmstat_pgfault')?.samples.get('')).toBe(3)
})

test('a name taken by another family is refused, so that the page stays valid', () => {
  const out = createExposition()
  const mine = gauge('a', 'Mine.', 'x')
  out.set(mine, 1, '1')
  out.set(mine, 2, '2')
  expect(out.has('a')).toBe(true)
  expect(out.has('b')).toBe(false)
  expect(() => out.set(gauge('a', 'Another.'), 3)).toThrow('two sources give a family a')
  expect(parseExposition(out.text()).get('a')?.samples.size).toBe(2)
})
