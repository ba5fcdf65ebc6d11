/** A number and its unit apart, so that a page can set them in different sizes. */
export interface Quantity {
  readonly number: string
  readonly unit: string
}

/** What stands where a value is not known. */
export const unknown = '–'

type Value = number | null | undefined

const known = (value: Value): value is number => typeof value === 'number' && Number.isFinite(value)

/** Three significant figures, without an exponent: 1.23, 12.3, 123, 1234. */
function figures(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95 || value === 0) return String(Math.round(value))
  if (size >= 9.995) return value.toFixed(1)
  return size >= 0.995 ? value.toFixed(2) : String(Number(value.toFixed(size >= 0.0995 ? 2 : 3)))
}

function scaled(value: Value, base: number, units: readonly string[]): Quantity {
  if (!known(value)) return { number: unknown, unit: '' }
  let step = 0
  let left = value
  // 999.5 would print as 1000 of the smaller unit.
  while (Math.abs(left) >= Math.min(base, 999.5) && step < units.length - 1) {
    left /= base
    step += 1
  }
  return { number: step === 0 ? String(Math.round(left)) : figures(left), unit: units[step] ?? '' }
}

/** Joined with a no-break space. */
export const text = ({ number, unit }: Quantity): string => (unit === '' ? number : `${number}\u{a0}${unit}`)

const plain = (value: Value, unit: string, digits: (value: number) => string): Quantity =>
  known(value) ? { number: digits(value), unit } : { number: unknown, unit: '' }

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const bitUnits = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']
const byteRateUnits = ['B/s', 'KiB/s', 'MiB/s', 'GiB/s', 'TiB/s']
const countUnits = ['', 'k', 'M', 'G', 'T']

/** The same quantities in two parts, for `Stat`. */
export const quantity = {
  /** From bytes, in powers of 1024. */
  bytes: (value: Value): Quantity => scaled(value, 1024, byteUnits),
  /** From bytes per second, in powers of 1024. */
  bytesPerSecond: (value: Value): Quantity => scaled(value, 1024, byteRateUnits),
  /** From BYTES per second, as networks are rated. */
  bitsPerSecond: (value: Value): Quantity => scaled(known(value) ? value * 8 : value, 1000, bitUnits),
  /** From a share 0..1. */
  percent: (value: Value): Quantity =>
    plain(value, '%', (share) => (share * 100).toFixed(share !== 0 && Math.abs(share) < 0.0995 ? 1 : 0)),
  celsius: (value: Value): Quantity => plain(value, '°C', (degrees) => degrees.toFixed(0)),
  watts: (value: Value): Quantity => plain(value, 'W', (power) => power.toFixed(power !== 0 && power < 9.95 ? 1 : 0)),
  /** Counts and rates: 12, 4.5 k, 1.20 M. */
  count: (value: Value): Quantity =>
    known(value) && Math.abs(value) < 999.5
      ? { number: Number.isInteger(value) ? String(value) : figures(value), unit: '' }
      : scaled(value, 1000, countUnits),
  /** From seconds: its largest two parts. */
  duration: (value: Value): Quantity => ({ number: duration(value), unit: '' }),
} as const

/** From bytes: `1.50 GiB`. */
export const bytes = (value: Value): string => text(quantity.bytes(value))
/** From bytes per second: `1.50 MiB/s`. */
export const bytesPerSecond = (value: Value): string => text(quantity.bytesPerSecond(value))
/** From BYTES per second: `12.0 Mbit/s`. */
export const bitsPerSecond = (value: Value): string => text(quantity.bitsPerSecond(value))
/** From a share 0..1: `42 %`, and one digit more below 10 %. */
export const percent = (value: Value): string => text(quantity.percent(value))
export const celsius = (value: Value): string => text(quantity.celsius(value))
export const watts = (value: Value): string => text(quantity.watts(value))
/** A plain number: `12`, `4.50 k`. */
export const count = (value: Value): string => text(quantity.count(value))

const parts = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** From seconds: the largest two parts, `3 d 4 h`, `12 s`, `350 ms`. */
export function duration(value: Value): string {
  if (!known(value)) return unknown
  const sign = value < 0 ? '-' : ''
  const size = Math.abs(value)
  if (size < 0.9995) return `${sign}${Math.round(size * 1000)}\u{a0}ms`
  let left = Math.round(size)
  const said: string[] = []
  for (const [unit, seconds] of parts) {
    const whole = Math.floor(left / seconds)
    left -= whole * seconds
    if (whole > 0 || said.length > 0) said.push(whole > 0 ? `${whole}\u{a0}${unit}` : '')
    if (said.length === 2) break
  }
  return sign + said.filter((part) => part !== '').join(' ')
}

/** How long ago `then` was, both in ms since the epoch: `now`, `12 s ago`, `in 3 min`. */
export function ago(then: Value, now: number): string {
  if (!known(then)) return unknown
  const seconds = Math.round((now - then) / 1000)
  if (seconds === 0) return 'now'
  return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`
}

/** ms since the epoch as local time of day, 24 h, with the date if it is not of the day of `now`. */
export function clock(time: Value, now: number = Date.now()): string {
  if (!known(time)) return unknown
  const then = new Date(time)
  const sameDay = then.toDateString() === new Date(now).toDateString()
  return then.toLocaleString(undefined, {
    ...(!sameDay && { day: '2-digit', month: 'short', year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
}
