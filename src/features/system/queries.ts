/** A fixed range query, and how its results are named. Nothing that a client sends becomes PromQL. */
export interface RangeQuery {
  /** PromQL; `$rate` stands for the window of rates. */
  readonly promql: string
  /** Name of the series of one result, by its labels. */
  readonly name: (labels: Readonly<Record<string, string>>) => string
}

const one = (name: string, promql: string): [string, RangeQuery] => [name, { promql, name: () => name }]
const by = (prefix: string, label: string, suffix: string, promql: string): [string, RangeQuery] => [
  `${prefix}.*.${suffix}`,
  { promql, name: (labels) => `${prefix}.${labels[label] ?? ''}.${suffix}` },
]

const job = 'job="node"'
const unused = 'mode=~"idle|iowait"'
const rate = (family: string, more = ''): string => `rate(${family}{${job}${more}}[$rate])`

/** By family; `*` stands for a device. Series have the names that they have in the history from memory. */
export const rangeQueries: ReadonlyMap<string, RangeQuery> = new Map([
  one('cpu.busy', `1 - sum(${rate('node_cpu_seconds_total', `,${unused}`)}) / sum(${rate('node_cpu_seconds_total')})`),
  one(
    'cpu.iowait',
    `sum(${rate('node_cpu_seconds_total', ',mode="iowait"')}) / sum(${rate('node_cpu_seconds_total')})`,
  ),
  one('memory.used', `max(node_memory_MemTotal_bytes{${job}} - node_memory_MemAvailable_bytes{${job}})`),
  one('memory.available', `max(node_memory_MemAvailable_bytes{${job}})`),
  one('swap.used', `max(node_memory_SwapTotal_bytes{${job}} - node_memory_SwapFree_bytes{${job}})`),
  one('load.load1', `max(node_load1{${job}})`),
  one('load.load5', `max(node_load5{${job}})`),
  one('load.load15', `max(node_load15{${job}})`),
  one('pressure.cpu', `max(${rate('node_pressure_cpu_waiting_seconds_total')})`),
  one('pressure.io', `max(${rate('node_pressure_io_waiting_seconds_total')})`),
  one('pressure.memory', `max(${rate('node_pressure_memory_waiting_seconds_total')})`),
  by('network', 'device', 'receive', `max by (device) (${rate('node_network_receive_bytes_total')})`),
  by('network', 'device', 'transmit', `max by (device) (${rate('node_network_transmit_bytes_total')})`),
  by('disk', 'device', 'read', `max by (device) (${rate('node_disk_read_bytes_total')})`),
  by('disk', 'device', 'write', `max by (device) (${rate('node_disk_written_bytes_total')})`),
  by('disk', 'device', 'busy', `max by (device) (${rate('node_disk_io_time_seconds_total')})`),
  by(
    'filesystem',
    'mountpoint',
    'used',
    `max by (mountpoint) (1 - node_filesystem_avail_bytes{${job}} / (node_filesystem_size_bytes{${job}} - node_filesystem_free_bytes{${job}} + node_filesystem_avail_bytes{${job}}))`,
  ),
  by('gpu', 'uuid', 'utilization', 'max by (uuid) (gpu_utilization_ratio{job="gpu"})'),
  by('gpu', 'uuid', 'memory', 'max by (uuid) (gpu_memory_used_bytes{job="gpu"})'),
  by('gpu', 'uuid', 'celsius', 'max by (uuid) (gpu_temperature_celsius{job="gpu"})'),
  by('gpu', 'uuid', 'watts', 'max by (uuid) (gpu_power_watts{job="gpu"})'),
])

/** The family that a series belongs to: `network.eth0.receive` -> `network.*.receive`. A device may contain dots. */
export function familyOf(series: string): string | undefined {
  if (rangeQueries.has(series)) return series
  const [first, last] = [series.indexOf('.'), series.lastIndexOf('.')]
  if (first < 0 || last <= first + 1) return undefined
  const family = `${series.slice(0, first)}.*${series.slice(last)}`
  return rangeQueries.has(family) ? family : undefined
}
