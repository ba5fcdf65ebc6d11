import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { eachLine, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

const labels = ['dest', 'device', 'gw', 'priority', 'proto', 'src', 'weight']

export const metrics = {
  info: gauge('node_network_route_info', 'network routing table information', ...labels),
  count: gauge('node_network_routes', 'network routes by interface', 'device'),
}

export interface Route {
  readonly device: string
  /** `default` or a network such as `192.0.2.0/24`. */
  readonly destination: string
  /** Empty if the network is reached directly. */
  readonly gateway: string
  readonly priority: string
}

/** `010200C0` (as the machine stores it, least byte first) -> `192.0.2.1`. */
function address(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

function prefixLength(mask: string): number {
  let bits = 0
  for (let rest = Number.parseInt(mask, 16); rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return bits
}

const whole = /^[0-9A-F]{8}$/i

/** /proc/net/route: the main table of IPv4. The kernel tells protocol and source address only over netlink. */
export function parseRoutes(text: string): Route[] {
  const routes: Route[] = []
  eachLine(text, (start, end) => {
    const [device = '', destination = '', gateway = '', , , , priority = '', mask = ''] = words(text, start, end)
    if (![destination, gateway, mask].every((hex) => whole.test(hex))) return
    const length = prefixLength(mask)
    const direct = gateway === '00000000'
    const network = length === 0 ? 'default' : `${address(destination)}/${length}`
    routes.push({ device, destination: network, gateway: direct ? '' : address(gateway), priority })
  })
  return routes
}

/** Opt-in, as in node_exporter. `proto`, `src` and `weight` are empty: see `parseRoutes`. */
export function createNetworkRoute(source: Source): Collector<Route[]> {
  return {
    name: 'network_route',
    read: () => parseRoutes(source.proc('net/route')),
    write(reading, out) {
      const counts = new Map<string, number>()
      const seen = new Set<string>()
      for (const { device, destination, gateway, priority } of reading) {
        counts.set(device, (counts.get(device) ?? 0) + 1)
        const key = `${destination} ${device} ${gateway} ${priority}`
        if (seen.has(key)) continue // the same route for another type of service
        seen.add(key)
        out.set(metrics.info, 1, destination, device, gateway, priority, '', '', '')
      }
      for (const [device, count] of counts) out.set(metrics.count, count, device)
    },
  }
}
