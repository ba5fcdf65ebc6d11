/** Since when (ms since the epoch) something has been in its present state, as seen from here. */
export function createSince(): (state: boolean, now: number) => number {
  let last: { readonly state: boolean; readonly since: number } | undefined
  return (state, now) => {
    if (last === undefined || last.state !== state) last = { state, since: now }
    return last.since
  }
}
