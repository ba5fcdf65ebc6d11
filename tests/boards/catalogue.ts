type Labels = Readonly<Record<string, string>>

const parts = /_(bucket|sum|count)$/

/** Names, types and label names of all series, `"node_load1": ["gauge", "instance", "job"]`; those of recording rules and alerts are left to the rules. */
export function catalogueOf(series: readonly Labels[], types: ReadonlyMap<string, string>): string {
  const found = new Map<string, Set<string>>()
  for (const { __name__: name = '', ...labels } of series) {
    if (name.includes(':') || name.startsWith('ALERTS')) continue
    const known = found.get(name) ?? new Set()
    for (const label of Object.keys(labels)) known.add(label)
    found.set(name, known)
  }
  const typeOf = (name: string): string => types.get(name) ?? types.get(name.replace(parts, '')) ?? 'unknown'
  const lines = [...found.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, labels]) => `  ${JSON.stringify(name)}: ${JSON.stringify([typeOf(name), ...[...labels].toSorted()])}`)
  return `{\n${lines.join(',\n')}\n}\n`
}
