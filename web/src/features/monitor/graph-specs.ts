import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { bitsPerSecond, bytes, bytesPerSecond, celsius, count, percent, watts } from '../../ui/format.ts'
import type { Steps } from '../../ui/graph-axes.ts'
import type { Level } from '../../ui/level.ts'
import type { TileKey } from './tile-views.ts'

/** A line across a graph. */
export interface Threshold {
  readonly value: number
  readonly label: string
  readonly level: Exclude<Level, 'ok'>
}

/** A graph by the names of the series in the history. */
export interface GraphSpec {
  readonly title: string
  readonly lines: readonly { readonly label: string; readonly name: string }[]
  readonly format: (value: number) => string
  readonly steps?: Steps | undefined
  readonly thresholds?: readonly Threshold[] | undefined
  readonly max?: number | undefined
}

// The two often lie so close that their names would cover each other.
const aside = '\u{2003}'.repeat(5)

/** The configured limits of a tile; `scale` turns them into the unit of the graph. */
export function thresholdsOf(system: SystemMetrics, key: string, scale = 1): readonly Threshold[] {
  const pair = system.thresholds?.[key]
  if (pair === undefined) return []
  return [
    { value: pair.warning * scale, label: `warning${aside}`, level: 'warning' },
    { value: pair.critical * scale, label: 'critical', level: 'critical' },
  ]
}

const plain = (value: number): string => value.toFixed(2)

export const cpuGraph = (system: SystemMetrics): GraphSpec => ({
  title: 'CPU, share in use',
  lines: [
    { label: 'in use', name: 'cpu.busy' },
    { label: 'waiting for I/O', name: 'cpu.iowait' },
  ],
  format: percent,
  max: 1,
  thresholds: thresholdsOf(system, 'cpu'),
})

export const memoryGraph = (system: SystemMetrics): GraphSpec => ({
  title: 'Memory in use',
  lines: [{ label: 'used', name: 'memory.used' }],
  format: bytes,
  steps: 'binary',
  max: system.memory.total > 0 ? system.memory.total : undefined,
  thresholds: thresholdsOf(system, 'memory', system.memory.total),
})

export const swapGraph = (system: SystemMetrics): GraphSpec => ({
  title: 'Swap in use',
  lines: [{ label: 'used', name: 'swap.used' }],
  format: bytes,
  steps: 'binary',
  max: system.memory.swapTotal > 0 ? system.memory.swapTotal : undefined,
  thresholds: thresholdsOf(system, 'swap', system.memory.swapTotal),
})

export const loadGraph = (system: SystemMetrics): GraphSpec => ({
  title: 'Load average',
  lines: [
    { label: '1 min', name: 'load.load1' },
    { label: '5 min', name: 'load.load5' },
    { label: '15 min', name: 'load.load15' },
  ],
  format: plain,
  thresholds: thresholdsOf(system, 'load', system.cpu.cores),
})

export const pressureGraph: GraphSpec = {
  title: 'Pressure, share of time that tasks waited',
  lines: [
    { label: 'CPU', name: 'pressure.cpu' },
    { label: 'I/O', name: 'pressure.io' },
    { label: 'memory', name: 'pressure.memory' },
  ],
  format: percent,
}

/** Traffic of one interface. */
export const networkGraph = (device: string): GraphSpec => ({
  title: `Network, ${device}`,
  lines: [
    { label: 'in', name: `network.${device}.receive` },
    { label: 'out', name: `network.${device}.transmit` },
  ],
  format: bitsPerSecond,
  steps: 'bits',
})

/** Bytes to and from one disk. */
export const diskGraph = (device: string): GraphSpec => ({
  title: `Disk, ${device}`,
  lines: [
    { label: 'read', name: `disk.${device}.read` },
    { label: 'written', name: `disk.${device}.write` },
  ],
  format: bytesPerSecond,
  steps: 'binary',
})

export const diskBusyGraph = (device: string): GraphSpec => ({
  title: `Disk, ${device}: share of time busy`,
  lines: [{ label: 'busy', name: `disk.${device}.busy` }],
  format: percent,
  max: 1,
})

export const filesystemGraph = (system: SystemMetrics, mountpoint: string): GraphSpec => ({
  title: `Share of ${mountpoint} in use`,
  lines: [{ label: 'used', name: `filesystem.${mountpoint}.used` }],
  format: percent,
  max: 1,
  thresholds: thresholdsOf(system, 'filesystems'),
})

export const temperatureGraph = (name: string, critical: number | undefined): GraphSpec => ({
  title: `Temperature, ${name}`,
  lines: [{ label: name, name: `temperature.${name}` }],
  format: celsius,
  thresholds: critical === undefined ? [] : [{ value: critical, label: 'critical', level: 'critical' }],
})

/** Utilisation, memory, temperature and power of one card. */
export const gpuGraphs = (system: SystemMetrics, gpu: SystemMetrics['gpus'][number]): readonly GraphSpec[] => {
  const line = (label: string, name: string) => [{ label, name: `gpu.${gpu.uuid}.${name}` }]
  const all: readonly (GraphSpec | undefined | false)[] = [
    gpu.utilization !== undefined && {
      title: 'GPU, share in use',
      lines: line('in use', 'utilization'),
      format: percent,
      max: 1,
    },
    gpu.memoryUsed !== undefined && {
      title: 'GPU memory in use',
      lines: line('used', 'memory'),
      format: bytes,
      steps: 'binary',
      max: gpu.memoryTotal,
      thresholds: gpu.memoryTotal === undefined ? [] : thresholdsOf(system, 'gpuMemory', gpu.memoryTotal),
    },
    gpu.celsius !== undefined && {
      title: 'GPU temperature',
      lines: line('temperature', 'celsius'),
      format: celsius,
      thresholds: thresholdsOf(system, 'gpuTemperature'),
    },
    gpu.watts !== undefined && {
      title: 'GPU power',
      lines: line('power', 'watts'),
      format: watts,
      max: gpu.powerLimit,
    },
  ]
  return all.filter((spec) => typeof spec === 'object')
}

/** Connections and transactions over time. */
export const databaseGraphs = ({ connections: { max } }: DatabaseHealth): readonly GraphSpec[] => [
  {
    title: 'Transactions per second',
    lines: [
      { label: 'commits', name: 'activity.commits' },
      { label: 'rollbacks', name: 'activity.rollbacks' },
    ],
    format: count,
  },
  {
    title: 'Database connections',
    lines: [
      { label: 'all', name: 'connections.used' },
      { label: 'active', name: 'connections.state.active' },
      { label: 'idle in transaction', name: 'connections.state.idle in transaction' },
    ],
    format: count,
    steps: 'whole',
    thresholds: max === undefined ? [] : [{ value: max, label: `limit ${max}`, level: 'critical' }],
  },
]

/** What is drawn when a tile is opened, of the machine as a whole; devices have theirs besides. */
export function detailGraphs(key: TileKey, system: SystemMetrics): readonly GraphSpec[] {
  switch (key) {
    case 'cpu':
      return [cpuGraph(system)]
    case 'memory':
      return [memoryGraph(system)]
    case 'swap':
      return system.memory.swapTotal > 0 ? [swapGraph(system)] : []
    case 'load':
      return [loadGraph(system)]
    case 'pressure':
      return [pressureGraph]
    default:
      return []
  }
}
