import type { Snapshot } from './answer.ts'

export interface Answer {
  readonly stdout: string
  readonly exitCode: number
}

/** Second names of fields that the real program takes as well. */
const aliases = new Map([
  ['gpu_name', 'name'],
  ['gpu_serial', 'serial'],
  ['gpu_uuid', 'uuid'],
  ['gpu_bus_id', 'pci.bus_id'],
  ['clocks.gr', 'clocks.current.graphics'],
  ['clocks.sm', 'clocks.current.sm'],
  ['clocks.mem', 'clocks.current.memory'],
])

const units: readonly (readonly [RegExp, string])[] = [
  [/^(fan\.speed|utilization\..*)$/, '%'],
  [/^(memory\..*|used_gpu_memory|used_memory)$/, 'MiB'],
  [/^(power\.(draw|limit|default_limit|min_limit|max_limit).*|enforced\.power\.limit)$/, 'W'],
  [/^clocks\.(current|max|applications)\./, 'MHz'],
  [/^clocks_(event|throttle)_reasons_counters\./, 'us'],
]

function header(field: string): string {
  const unit = units.find(([pattern]) => pattern.test(field))?.[1]
  return unit === undefined ? field : `${field} [${unit}]`
}

export const rejected = (field: string): Answer => ({
  stdout: `Field "${field}" is not a valid field to query.\n\n`,
  exitCode: 2,
})

/** The recorded name of a field; drivers that know the new spelling of the clock reasons also know the old one. */
function resolve(field: string, cells: ReadonlyMap<string, string>): string | undefined {
  if (cells.has(field)) return field
  const other = aliases.get(field) ?? field.replace('clocks_throttle_reasons', 'clocks_event_reasons')
  return cells.has(other) ? other : undefined
}

/** Renders rows as the real program does: `noheader` and `nounits` as asked. */
function csv(fields: readonly string[], rows: readonly (readonly string[])[], format: readonly string[]): Answer {
  const plain = format.includes('nounits')
  const lines = rows.map((row) =>
    row.map((cell) => (plain ? cell.replace(/^(\d+(?:\.\d+)?) \S+$/, '$1') : cell)).join(', '),
  )
  if (!format.includes('noheader')) lines.unshift(fields.map(header).join(', '))
  return { stdout: lines.map((line) => `${line}\n`).join(''), exitCode: 0 }
}

export function queryGpu({ cells }: Snapshot, asked: readonly string[], format: readonly string[]): Answer {
  const fields = asked.map((field) => resolve(field, cells))
  const unknown = fields.indexOf(undefined)
  if (unknown >= 0) return rejected(asked[unknown] ?? '')
  const known = fields.filter((field) => field !== undefined)
  return csv(known, [known.map((field) => cells.get(field) ?? '')], format)
}

export function queryApps(
  { cells, recording, busy }: Snapshot,
  asked: readonly string[],
  format: readonly string[],
): Answer {
  const rows = (busy ? recording.processes : []).map(({ pid, name, memory }): Record<string, string | undefined> => ({
    timestamp: cells.get('timestamp'),
    gpu_name: cells.get('name'),
    gpu_bus_id: cells.get('pci.bus_id'),
    gpu_serial: cells.get('serial'),
    gpu_uuid: cells.get('uuid'),
    pid: String(pid),
    process_name: name,
    name,
    used_gpu_memory: memory,
    used_memory: memory,
  }))
  const names = ['timestamp', 'gpu_name', 'gpu_bus_id', 'gpu_serial', 'gpu_uuid', 'pid', 'process_name', 'name']
  const unknown = asked.find((field) => ![...names, 'used_gpu_memory', 'used_memory'].includes(field))
  if (unknown !== undefined) return rejected(unknown)
  return csv(
    asked,
    rows.map((row) => asked.map((field) => row[field] ?? '')),
    format,
  )
}

export function helpQueryGpu({ cells }: Snapshot): Answer {
  const second = new Map([...aliases].map(([alias, field]) => [field, alias]))
  const entries = [...cells.keys()].map((field) => {
    const other = field.startsWith('clocks_event_reasons.') ? field.replace('event', 'throttle') : second.get(field)
    return `"${field}"${other === undefined ? '' : ` or "${other}"`}\nSee the manual.\n`
  })
  const title = 'List of valid properties to query for the switch "--query-gpu":\n'
  return { stdout: `${[title, ...entries].join('\n')}\n`, exitCode: 0 }
}
