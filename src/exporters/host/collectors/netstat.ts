import { metricsByKey, untyped } from '../../../lib/exposition.ts'
import { UnavailableError } from '../../../errors.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter, type Wanted } from '../lib/filter.ts'
import { eachLine, isNamePart, number, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

/** `node_netstat_<Protocol>_<field>`. */
export const metricOf = metricsByKey((key) => untyped(`node_netstat_${key}`, `Statistic ${key.replace('_', '')}.`))

/** Values by `Protocol_Field`, such as `Tcp_RetransSegs`. */
export type NetworkStatistics = ReadonlyMap<string, number>

type Add = (key: string, value: number) => void

/** /proc/net/netstat and /proc/net/snmp: a line of names, then a line of values, each after its protocol. */
function parsePairs(text: string, wanted: Wanted, add: Add): void {
  let names: { protocol: string; columns: string[] } | undefined
  eachLine(text, (start, end) => {
    const colon = text.indexOf(':', start)
    if (colon < 0 || colon >= end) return
    const protocol = text.slice(start, colon)
    if (names?.protocol !== protocol) {
      names = { protocol, columns: headings(text.slice(start, end), protocol, wanted) }
      return
    }
    const fields = names.columns
    pick(text, colon + 1, end, fields, add)
    names = undefined
  })
}

const blank = 32

/** Walks along the values and takes only those under a heading that is wanted. */
function pick(text: string, start: number, end: number, columns: readonly string[], add: Add): void {
  let at = start
  for (const key of columns) {
    while (at < end && text.charCodeAt(at) === blank) at++
    if (at >= end) return
    let next = text.indexOf(' ', at)
    if (next < 0 || next > end) next = end
    if (key !== '') addNumber(add, key, text.slice(at, next))
    at = next
  }
}

function addNumber(add: Add, key: string, text: string | undefined): void {
  const value = number(text)
  if (value !== undefined) add(key, value)
}

const known = new WeakMap<Wanted, Map<string, string[]>>()

/** Keys in the order of a line of names, `` for those not wanted. A kernel has a handful of such lines: worked out once. */
function headings(line: string, protocol: string, wanted: Wanted): string[] {
  let lines = known.get(wanted)
  if (lines === undefined) known.set(wanted, (lines = new Map()))
  let keys = lines.get(line)
  if (keys === undefined) {
    keys = words(line, protocol.length + 1).map((name) => `${protocol}_${name}`)
    keys = keys.map((key) => (wanted(key) && isNamePart(key) ? key : ''))
    if (lines.size < 100) lines.set(line, keys)
  }
  return keys
}

/** /proc/net/snmp6: one name and value a line, the protocol being all up to the first 6. */
function parseSnmp6(text: string, wanted: Wanted, add: Add): void {
  eachLine(text, (start, end) => {
    const six = text.indexOf('6', start)
    if (six < 0 || six >= end) return
    const [name = '', value] = words(text, six + 1, end)
    const key = `${text.slice(start, six + 1)}_${name}`
    if (wanted(key) && isNamePart(key)) addNumber(add, key, value)
  })
}

/** The texts of /proc/net/netstat, snmp and (without IPv6 undefined) snmp6. */
export function parseNetworkStatistics(
  netstat: string,
  snmp: string,
  snmp6: string | undefined,
  wanted: Wanted,
): NetworkStatistics {
  const values = new Map<string, number>()
  const add: Add = (key, value) => values.set(key, value)
  parsePairs(netstat, wanted, add)
  parsePairs(snmp, wanted, add)
  if (snmp6 !== undefined) parseSnmp6(snmp6, wanted, add)
  return values
}

export function createNetstat(source: Source, config: HostConfig): Collector<NetworkStatistics> {
  const filter = createFilter('', config.netstat_fields)
  return {
    name: 'netstat',
    read: () =>
      parseNetworkStatistics(source.proc('net/netstat'), source.proc('net/snmp'), ifAny(source, 'net/snmp6'), filter),
    write(reading, out) {
      for (const [key, value] of reading) out.set(metricOf(key), value)
    },
  }
}

function ifAny(source: Source, path: string): string | undefined {
  try {
    return source.proc(path)
  } catch (error) {
    if (error instanceof UnavailableError) return undefined
    throw error
  }
}
