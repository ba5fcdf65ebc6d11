import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as format from '../../web/src/ui/format.ts'

const plain = (text: string): string => text.replaceAll('\u{a0}', ' ')

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1536, '1.50 KiB'],
    [1023 * 1024, '1.00 MiB'],
    [64 * 1024 ** 3, '64.0 GiB'],
    [123_456_789_012, '115 GiB'],
    [-2048, '-2.00 KiB'],
  ])('%d is %s', (value, said) => {
    expect(plain(format.bytes(value))).toBe(said)
  })
})

describe('other quantities', () => {
  it.each([
    [format.bitsPerSecond(125_000), '1.00 Mbit/s'],
    [format.bytesPerSecond(2048), '2.00 KiB/s'],
    [format.percent(0.42), '42 %'],
    [format.percent(0.031), '3.1 %'],
    [format.percent(0), '0 %'],
    [format.percent(1), '100 %'],
    [format.celsius(61.6), '62 °C'],
    [format.watts(4.25), '4.3 W'],
    [format.watts(250.4), '250 W'],
    [format.count(12), '12'],
    [format.count(0.25), '0.25'],
    [format.count(4500), '4.50 k'],
    [format.count(999.9), '1.00 k'],
  ])('%s', (said, expected) => {
    expect(plain(said)).toBe(expected)
  })

  it('says nothing of what is not known', () => {
    for (const value of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY])
      for (const say of [format.bytes, format.percent, format.count, format.duration, format.bitsPerSecond])
        expect(say(value)).toBe(format.unknown)
  })
})

describe('time', () => {
  it.each([
    [0.35, '350 ms'],
    [12, '12 s'],
    [59.6, '1 min'],
    [3661, '1 h 1 min'],
    [3600 * 24 * 3 + 4 * 3600 + 59, '3 d 4 h'],
    [86_400 + 59, '1 d'],
    [-90, '-1 min 30 s'],
  ])('%d s is %s', (seconds, said) => {
    expect(plain(format.duration(seconds))).toBe(said)
  })

  it('looks back and ahead', () => {
    expect(plain(format.ago(10_000, 22_000))).toBe('12 s ago')
    expect(plain(format.ago(22_000, 10_000))).toBe('in 12 s')
    expect(format.ago(10_400, 10_000)).toBe('now')
    expect(format.ago(undefined, 0)).toBe(format.unknown)
  })
})

it('never prints more than four digits before the unit, nor an exponent', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
      for (const say of [format.quantity.bytes, format.quantity.count, format.quantity.bitsPerSecond])
        expect(say(value).number).toMatch(/^\d{1,4}(\.\d+)?$/)
    }),
  )
})
