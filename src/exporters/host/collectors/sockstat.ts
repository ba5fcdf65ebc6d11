import { gauge, metricsByKey, type Metric } from '../../../lib/exposition.ts'
import { UnavailableError } from '../../../errors.ts'
import type { Collector } from '../../exporter.ts'
import { pageSize } from '../lib/page-size.ts'
import { eachLine, isNamePart, number, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

export const metrics = {
  used: gauge('node_sockstat_sockets_used', 'Number of IPv4 sockets in use.'),
}

/** `node_sockstat_<Protocol>_<state>`, keys such as `TCP_inuse`. */
export const metricOf = metricsByKey((key): Metric => {
  const split = key.indexOf('_')
  const what = `Number of ${key.slice(0, split)} sockets in state ${key.slice(split + 1)}.`
  return gauge(`node_sockstat_${key}`, what)
})

/** Sockets by `Protocol_state`; `sockets_used` for all; memory in pages and, as `TCP_mem_bytes`, in bytes. */
export type Sockets = ReadonlyMap<string, number>

/** /proc/net/sockstat or sockstat6: `TCP: inuse 5 orphan 0 tw 2 alloc 5 mem 257`. */
export function parseSockets(text: string, page: number): Sockets {
  const values = new Map<string, number>()
  eachLine(text, (start, end) => {
    const [heading = '', ...pairs] = words(text, start, end)
    if (!heading.endsWith(':')) return
    const protocol = heading.slice(0, -1)
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const value = number(pairs[i + 1])
      if (value === undefined || !isNamePart(`${protocol}${pairs[i]}`)) continue
      values.set(`${protocol}_${pairs[i]}`, value)
      if (pairs[i] === 'mem') values.set(`${protocol}_mem_bytes`, value * page)
    }
  })
  return values
}

export function createSockstat(source: Source): Collector<Sockets> {
  const page = pageSize(source.roots.proc)
  const parse = (path: string): Sockets => {
    try {
      return parseSockets(source.proc(path), page)
    } catch (error) {
      if (error instanceof UnavailableError) return new Map() // a kernel without IPv4 or without IPv6
      throw error
    }
  }
  return {
    name: 'sockstat',
    read: () => new Map([...parse('net/sockstat'), ...parse('net/sockstat6')]),
    write(reading, out) {
      for (const [key, value] of reading) out.set(key === 'sockets_used' ? metrics.used : metricOf(key), value)
    },
  }
}
