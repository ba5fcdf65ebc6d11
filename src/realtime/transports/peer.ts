/** An address shortened for display: the network without the host, and loopback as it is. */
export function displayed(address: string): string {
  if (address === '::1' || address.startsWith('127.')) return 'loopback'
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(address)?.[1]
  return v4 === undefined ? `${address.split(':').slice(0, 3).join(':')}::` : `${v4}.x`
}
