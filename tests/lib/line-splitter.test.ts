import { array, assert, nat, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { createLineSplitter } from '../../src/lib/line-splitter.ts'

function split(chunks: readonly Buffer[]): string[] {
  const lines: string[] = []
  const splitter = createLineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

test('lines do not depend on how the stream is cut, even within a character', () => {
  const text = array(string({ unit: 'grapheme', maxLength: 20 })).map((parts) => parts.join('\n'))
  assert(
    property(text, array(nat({ max: 50 })), (whole, sizes) => {
      const bytes = Buffer.from(whole)
      const chunks: Buffer[] = []
      let at = 0
      for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)))
      chunks.push(bytes.subarray(at))
      expect(split(chunks)).toEqual(split([bytes]))
    }),
  )
})

test('leaves out empty lines, and keeps a last line without an end', () => {
  expect(split([Buffer.from('one\r\n\n  \ntwo')])).toEqual(['one', 'two'])
})

test('an endless line is handed on in pieces', () => {
  const pieces = split(Array.from({ length: 100 }, () => Buffer.alloc(1000, 'x')))
  expect(pieces.join('')).toHaveLength(100_000)
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(10_000)
})
