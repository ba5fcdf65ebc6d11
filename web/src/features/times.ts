/** ms since the epoch as `datetime-local` takes it, in local time. */
export function localInput(time: number | undefined): string {
  if (time === undefined) return ''
  const shifted = new Date(time - new Date(time).getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

/** What stands in a `datetime-local`, as ms since the epoch; undefined when it is empty or no time. */
export function fromLocalInput(text: string): number | undefined {
  const time = text === '' ? NaN : new Date(text).getTime()
  return Number.isFinite(time) ? time : undefined
}
