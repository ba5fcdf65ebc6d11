/** Seconds in which traffic grows to its full size, and periods of the waves it then follows. */
const growth = 600
const tide = 420
const ripple = 67

/** How much a demonstration is used, 0 to 1, so many seconds after its start: small at first, then in slow waves. */
export function demandAt(seconds: number): number {
  const grown = 0.35 + 0.65 * Math.min(1, Math.max(0, seconds) / growth)
  const swell = (1 - Math.cos((2 * Math.PI * seconds) / tide)) / 2
  const splash = (1 + Math.sin((2 * Math.PI * seconds) / ripple)) / 2
  return grown * (0.15 + 0.7 * swell + 0.15 * splash)
}

/** Which of `items` is in favour, and which comes next, so many seconds after the start. */
export function favourites<T>(items: readonly T[], seconds: number, span = 180): readonly T[] {
  const at = Math.floor(seconds / span)
  return items.length === 0 ? [] : [at, at + 1].map((index) => items[index % items.length] as T)
}

/** A number between `from` and `to`, small ones far more often than large ones; `random` gives 0 to 1. */
export const longTailed = (from: number, to: number, random: () => number = Math.random): number =>
  Math.round(from * (to / from) ** (random() ** 2))

export const pick = <T>(items: readonly T[], random: () => number = Math.random): T | undefined =>
  items[Math.floor(random() * items.length)]
