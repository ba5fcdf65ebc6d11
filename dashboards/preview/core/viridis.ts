/** The colour map Viridis at five places, as red, green and blue. */
const stops = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const

/** The colour for a share of 0 to 1. */
export function viridis(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const low = Math.min(Math.floor(at), stops.length - 2)
  const mixed = [0, 1, 2].map((part) => {
    const [one, other] = [stops[low]?.[part] ?? 0, stops[low + 1]?.[part] ?? 0]
    return Math.round(one + (other - one) * (at - low))
  })
  return `rgb(${mixed.join(', ')})`
}
