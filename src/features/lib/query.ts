/** Whether a series is among those asked for. */
export function wantedSeries(query: string | undefined): (name: string) => boolean {
  if (query === undefined || query === '') return () => true
  const asked = query.split(',')
  const exact = new Set(asked)
  const beginnings = asked.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  return (name) => exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning))
}

/** Payloads leave as they are published: nothing is dropped or reformatted on the way. */
export const plainJson = (): ((payload: unknown) => string) => JSON.stringify
