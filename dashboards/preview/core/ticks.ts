const minute = 60_000
const sizes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880].map((minutes) => minutes * minute)

/** Round moments (ms) in a range, at most so many; `offset` is how far local time is ahead (ms). */
export function timeTicks(from: number, to: number, most: number, offset = 0): number[] {
  const size = sizes.find((each) => (to - from) / each <= most) ?? to - from
  const first = Math.ceil((from + offset) / size) * size - offset
  return Array.from({ length: Math.max(0, Math.floor((to - first) / size) + 1) }, (_, at) => first + at * size)
}
