import { readFileSync } from 'node:fs'

/** This process' time zone at a moment. */
export interface LocalZone {
  /** As the zone's own rules call it: `UTC`, `CET`, `CEST`, `+07`. */
  readonly name: string
  /** Seconds east of Greenwich. */
  readonly offset: number
}

/** `CET-1CEST,M3.5.0,M10.5.0/3` -> standard name, its offset in POSIX' sign, name in summer. */
const rule = /^(?:<([^>]+)>|([A-Za-z]{3,}))([-+]?\d+)(?::(\d+))?(?::(\d+))?(?:<([^>]+)>|([A-Za-z]{3,}))?/

const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0')

function numeric(offset: number): string {
  const minutes = Math.abs(offset) / 60
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}${minutes % 60 === 0 ? '' : two(minutes % 60)}`
}

/** The name that a POSIX zone rule (last line of a TZif file) gives to the time with this offset. */
export function zoneName(posix: string, offset: number): string {
  const [, quoted, plain, hours = '0', minutes = '0', , summerQuoted, summerPlain] = rule.exec(posix) ?? []
  const standard = quoted ?? plain
  if (standard === undefined) return numeric(offset)
  const west = (Math.abs(Number(hours)) * 60 + Number(minutes)) * 60 * (hours.startsWith('-') ? -1 : 1)
  if (offset === -west) return standard
  return summerQuoted ?? summerPlain ?? numeric(offset)
}

/** Where the rule of the zone lies that libc uses: TZ may be `Europe/Berlin`, `:Europe/Berlin`, a path, or nothing. */
export function zoneFile(tz: string): string {
  const zone = tz.replace(/^:/, '')
  if (zone === '') return '/etc/localtime'
  return zone.startsWith('/') ? zone : `/usr/share/zoneinfo/${zone}`
}

/**
 * The zone's rule, from the system's zone files, which know the names people use; ICU would say `GMT+1` for CET. Nor is
 * ICU asked which zone this is: loading its data takes 7 MB.
 */
function readRule(tz: string): string {
  try {
    return readFileSync(zoneFile(tz), 'latin1').trimEnd().split('\n').at(-1) ?? ''
  } catch {
    // Not there, as in a minimal container image: TZ may be a rule itself, and without one libc takes UTC.
    return rule.test(tz) ? tz : 'UTC0'
  }
}

let last: LocalZone | undefined

export function localZone(now: number): LocalZone {
  const offset = new Date(now).getTimezoneOffset() * -60 || 0
  if (last?.offset !== offset) last = { offset, name: zoneName(readRule(process.env['TZ'] ?? ''), offset) }
  return last
}
