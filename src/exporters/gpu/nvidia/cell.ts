/**
 * The text of a cell, or undefined for every spelling of "not available": nvidia-smi puts most of them in brackets
 * (`[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU requires reset]`, …).
 */
export function known(cell: string | undefined): string | undefined {
  const text = cell?.trim() ?? ''
  if (text === '' || text.startsWith('[') || spellings.has(text.toLowerCase())) return undefined
  return text
}

const spellings = new Set([
  'n/a',
  'not supported',
  'not found',
  'unknown error',
  'insufficient permissions',
  'gpu requires reset',
  'gpu is lost',
  'err!',
  'requested functionality has been deprecated',
])

/** DCGM's blanks (no value, not found, not supported, not permitted) as 32-bit, 64-bit and floating numbers. */
function blank(value: number): boolean {
  return (
    value >= 2 ** 63 - 1024 ||
    (value >= 2147483632 && value <= 2147483647) ||
    (value >= 2 ** 47 && value <= 2 ** 47 + 3)
  )
}

const decimal = /^-?\d+(\.\d+)?( [a-z%/]+)?$/i
const hexadecimal = /^0x[0-9a-f]+$/i

/** `23 %`, `26.20 W`, `0x0000000000000001` -> the number as printed, unit dropped; anything else undefined. */
export function number(cell: string | undefined): number | undefined {
  const text = known(cell)
  if (text === undefined) return undefined
  if (hexadecimal.test(text)) return Number(text)
  if (!decimal.test(text)) return undefined
  const value = Number.parseFloat(text)
  return blank(value) ? undefined : value
}

const flags = new Map([
  ['enabled', 1],
  ['yes', 1],
  ['active', 1],
  ['disabled', 0],
  ['no', 0],
  ['not active', 0],
])

/** `Enabled`, `Yes`, `Active` -> 1, their opposites -> 0, anything else undefined. */
export const flag = (cell: string | undefined): number | undefined => flags.get(known(cell)?.toLowerCase() ?? '')

const enums = new Map<string, ReadonlyMap<string, number>>([
  ['compute_mode', numbered('Default', 'Exclusive_Thread', 'Prohibited', 'Exclusive_Process')],
  ['gpu_recovery_action', numbered('None', 'Reset', 'Reboot', 'Drain P2P', 'Drain and Reset')],
])

function numbered(...names: string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, i) => [name.toLowerCase(), i]))
}

/** A cell as a number by the kind of its column: P-state, enumeration, flag, hexadecimal or decimal. */
export function numeric(column: string, cell: string | undefined): number | undefined {
  const text = known(cell)
  if (text === undefined) return undefined
  if (column === 'pstate') return /^P\d+$/.test(text) ? Number(text.slice(1)) : undefined
  const names = enums.get(column)
  if (names !== undefined) return names.get(text.toLowerCase())
  return flag(text) ?? number(text)
}
