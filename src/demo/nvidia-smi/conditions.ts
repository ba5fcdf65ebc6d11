/** A card in trouble, on top of what it does: the fields that then answer otherwise, `seconds` after it began. */
export const conditions = {
  hot: () => ({
    'temperature.gpu': '93',
    'temperature.gpu.tlimit': '-6',
    'temperature.memory': '99',
    'fan.speed': '100 %',
    'power.draw': '548.20 W',
  }),
  throttled: (seconds) => ({
    'clocks.current.graphics': '810 MHz',
    'clocks.current.sm': '810 MHz',
    'clocks_event_reasons.active': '0x0000000000000068',
    'clocks_event_reasons.gpu_idle': 'Not Active',
    'clocks_event_reasons.hw_slowdown': 'Active',
    'clocks_event_reasons.hw_thermal_slowdown': 'Active',
    'clocks_event_reasons.sw_thermal_slowdown': 'Active',
    'clocks_event_reasons_counters.sw_thermal_slowdown': `${Math.round(seconds * 600_000)} us`,
    'clocks_event_reasons_counters.hw_thermal_slowdown': `${Math.round(seconds * 900_000)} us`,
  }),
  ecc: (seconds) => ({
    'ecc.errors.corrected.volatile.total': String(3 + Math.floor(seconds / 2)),
    'ecc.errors.corrected.aggregate.total': String(3 + Math.floor(seconds / 2)),
    'ecc.errors.uncorrected.volatile.total': String(1 + Math.floor(seconds / 15)),
    'ecc.errors.uncorrected.aggregate.total': String(1 + Math.floor(seconds / 15)),
    'remapped_rows.pending': 'Yes',
  }),
  full: () => ({ 'memory.used': '141900 MiB', 'memory.free': '1257 MiB' }),
} as const satisfies Record<string, (seconds: number) => Readonly<Record<string, string>>>

export type Condition = keyof typeof conditions

/** Since when a condition holds, seconds since the epoch. */
export interface Present {
  readonly name: Condition
  readonly since: number
}

const isCondition = (name: string): name is Condition => Object.hasOwn(conditions, name)

/** `hot` or `ecc@1763715000`; undefined for anything else. */
export function parseCondition(text: string): Present | undefined {
  const [name = '', since = '0'] = text.split('@')
  return isCondition(name) && /^\d+$/.test(since) ? { name, since: Number(since) } : undefined
}

/** Puts the conditions on a card's answers; fields that it does not know stay unknown. */
export function afflict(cells: Map<string, string>, present: readonly Present[], seconds: number): void {
  for (const { name, since } of present) {
    const changed = conditions[name](Math.max(0, seconds - since))
    for (const [field, value] of Object.entries(changed)) if (cells.has(field)) cells.set(field, value)
  }
}
