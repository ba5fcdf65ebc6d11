import { expect, test } from 'vitest'
import { cutLines, longestLine } from '../../../src/audit/foreign/cut-lines.ts'
import { readLine } from '../../../src/audit/foreign/read-line.ts'

const beginning = { offset: 0, skipping: false }
const texts = (lines: readonly { readonly bytes: Buffer }[]): string[] => lines.map(({ bytes }) => bytes.toString())

test('wherever a stream is cut, its lines come out whole and once', () => {
  const all = Buffer.from('{"a":1}\n\n{"b":"ü€😀"}\r\n{"c":3}\nleft')
  for (let cut = 0; cut <= all.length; cut++) {
    const first = cutLines(all.subarray(0, cut), beginning)
    const second = cutLines(all.subarray(first.next.offset), first.next)
    expect(texts([...first.lines, ...second.lines])).toEqual(['{"a":1}', '{"b":"ü€😀"}\r', '{"c":3}'])
    expect(second.next).toEqual({ offset: all.length - 4, skipping: false })
  }
})

test('a huge line is cut once, and the rest of it passed over', () => {
  const huge = 'x'.repeat(longestLine + 10)
  const first = cutLines(Buffer.from(huge), beginning)
  expect(first.lines.map(({ bytes, cut }) => [bytes.length, cut])).toEqual([[longestLine, true]])
  expect(first.next).toEqual({ offset: longestLine + 10, skipping: true })
  const second = cutLines(Buffer.from('more of it'), first.next)
  expect(second).toEqual({ lines: [], next: { offset: longestLine + 20, skipping: true } })
  const third = cutLines(Buffer.from('and its end\n{"a":1}\n'), second.next)
  expect(texts(third.lines)).toEqual(['{"a":1}'])
  expect(third.next.skipping).toBe(false)
})

const fields = { time: 'ts', actor: 'user.name', action: 'do', object: 'what' }
const read = (bytes: string | Buffer, cut = false) => readLine({ bytes: Buffer.from(bytes), cut }, fields)

test('fields are found by name or path, and times in every spelling', () => {
  expect(read('{"ts":"2026-11-01T00:00:00Z","user":{"name":"ada"},"do":"login","what":{"id":7}}')).toMatchObject({
    bad: false,
    at: new Date('2026-11-01T00:00:00Z'),
    actor: 'ada',
    action: 'login',
    object: '{"id":7}',
  })
  expect(read('{"user.name":"eve","ts":1793491200}')).toMatchObject({ actor: 'eve', at: new Date(1_793_491_200_000) })
  expect(read('{"ts":1793491200123}')?.at).toEqual(new Date(1_793_491_200_123))
  for (const odd of ['"never"', '-5', '1e300', 'null', '{}', 'true']) expect(read(`{"ts":${odd}}`)?.at).toBeNull()
  expect(read('{"user":"toString","do":["__proto__"]}')).toMatchObject({ actor: null, action: '["__proto__"]' })
})

test('what is no JSON object is bad and kept', () => {
  for (const bad of [
    'hello',
    '[1]',
    '7',
    'null',
    '{"a":1',
    '{"a":1}{"b":2}',
    `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  ])
    expect(read(bad)).toMatchObject({ bad: true, line: bad, raw: null, actor: null })
  expect(read('{"a":1}', true)).toMatchObject({ bad: true })
  expect(read('   \r')).toBeUndefined()
})

test('NUL and invalid UTF-8 are kept as bytes, and as readable text', () => {
  const invalid = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  expect(read(invalid)).toMatchObject({ bad: true, raw: invalid, line: '{"a":"\uFFFD\uFFFD"}' })
  expect(read('{"a":"\0"}')).toMatchObject({ bad: true, raw: Buffer.from('{"a":"\0"}'), line: '{"a":"\uFFFD"}' })
  expect(read(String.raw`{"user":{"name":"a\u0000b\ud800"}}`)).toMatchObject({ bad: false, actor: 'a\uFFFDb\uFFFD' })
  expect(read('\uFEFF{"do":"x"}')).toMatchObject({ bad: false, action: 'x' })
})
