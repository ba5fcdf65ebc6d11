import { describe, expect, it } from 'vitest'
import { flag, known, number, numeric } from '../../../../src/exporters/gpu/nvidia/cell.ts'

describe('a cell', () => {
  it.each([
    '[N/A]',
    'N/A',
    ' n/a ',
    '[Not Supported]',
    'Not Supported',
    '[Unknown Error]',
    '[Insufficient Permissions]',
    '[GPU requires reset]',
    '[GPU is lost]',
    '[Requested functionality has been deprecated]',
    '',
    '   ',
  ])('%j is no value', (text) => {
    expect(known(text)).toBeUndefined()
    expect(number(text)).toBeUndefined()
    expect(numeric('power.draw', text)).toBeUndefined()
  })

  it.each(['9223372036854775794', '9223372036854775792', '2147483632', '2147483634', '140737488355328.0'])(
    "%s is DCGM's blank",
    (text) => expect(number(text)).toBeUndefined(),
  )

  it.each([
    ['23 %', 23],
    [' 26.20 W ', 26.2],
    ['143771 MiB', 143771],
    ['0 us', 0],
    ['0x00000000000001FF', 511],
    ['-3', -3],
  ])('%j is %d', (text, value) => expect(number(text)).toBe(value))

  it.each(['P8', '1e9', '12 34', 'NaN', 'Infinity', '0x', '7.16.1', '96.00.A5.00.03'])('%j is no number', (text) =>
    expect(number(text)).toBeUndefined(),
  )

  it('knows flags and enumerations, and skips words it does not know', () => {
    expect([flag('Enabled'), flag('Not Active'), flag('Yes'), flag('Maybe')]).toEqual([1, 0, 1, undefined])
    expect(numeric('pstate', 'P12')).toBe(12)
    expect(numeric('compute_mode', 'Exclusive_Process')).toBe(3)
    expect(numeric('gpu_recovery_action', 'Drain and Reset')).toBe(4)
    expect(numeric('gpu_recovery_action', 'Replace')).toBeUndefined()
  })
})
