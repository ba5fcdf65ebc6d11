import { isIPv6 } from 'node:net'

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

function groups(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  return [...front, ...Array.from({ length: zeros }, () => '0'), ...back].map((group) => group.replace(/^0+(?=.)/, ''))
}

/** The network that one household or office has: of IPv6 the first 64 bits, of IPv4 the first 24. */
export function networkOf(address: string): string {
  if (isIPv6(address) && !mapped.test(address)) return `${groups(address).slice(0, 4).join(':')}::/64`
  const plain = mapped.exec(address)?.[1] ?? address
  return `${plain.split('.').slice(0, 3).join('.')}.0/24`
}

/** Whom to hold one address against: with IPv6 everybody has 2^64 of them. */
export const sourceOf = (address: string): string =>
  isIPv6(address) && !mapped.test(address) ? networkOf(address) : (mapped.exec(address)?.[1] ?? address)
