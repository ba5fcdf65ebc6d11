const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `10s` -> 10000 ms. The configuration schema has already refused anything that does not match. */
export function parseDuration(text: string): number {
  const [, amount, name] = /^([0-9]+)(ms|s|m|h|d)$/.exec(text) ?? []
  if (amount === undefined) throw new TypeError(`not a duration: ${text}`)
  return Number(amount) * unit[name as keyof typeof unit]
}
