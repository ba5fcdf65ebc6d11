import type { FiringAlerts } from '../../../src/features/alerts/contract.ts'
import type { DatabaseHealth } from '../../../src/features/database/contract.ts'
import type { SystemHistory, SystemMetrics } from '../../../src/features/system/contract.ts'

/** A time that the readings below are of, ms since the epoch. */
export const noon = Date.UTC(2026, 10, 21, 12)

const GiB = 2 ** 30

export const gpu: SystemMetrics['gpus'][number] = {
  uuid: 'GPU-1',
  name: 'RTX 4090',
  vendor: 'NVIDIA',
  utilization: 0.83,
  memoryUsed: 20 * GiB,
  memoryTotal: 24 * GiB,
  celsius: 71,
  watts: 312,
  powerLimit: 450,
  processes: [{ pid: '4242', name: 'ollama', model: 'llama3.2:latest', memory: 19 * GiB }],
}

/** A machine without a GPU and with nothing the matter but a file system that fills. */
export const system: SystemMetrics = {
  host: { name: 'box', kernel: '6.12.0', uptime: 273_600 },
  cpu: { cores: 4, busy: 0.42, perCore: [0.9, 0.4, 0.3, 0.08], modes: { user: 0.3, system: 0.1, iowait: 0.02 } },
  memory: {
    total: 16 * GiB,
    available: 4 * GiB,
    used: 12 * GiB,
    buffers: GiB / 4,
    cached: 3 * GiB,
    swapTotal: 2 * GiB,
    swapUsed: GiB / 2,
  },
  load: { load1: 1.5, load5: 2, load15: 1.25 },
  pressure: { cpu: 0.05, io: 0.12, memory: 0 },
  disks: [
    { device: 'vda', readBytesPerSecond: 1_048_576, writeBytesPerSecond: 2_097_152, busy: 0.2 },
    { device: 'vdb', readBytesPerSecond: 0, writeBytesPerSecond: 10, busy: 0.6 },
  ],
  filesystems: [
    {
      mountpoint: '/',
      device: '/dev/vda1',
      type: 'ext4',
      size: 100 * GiB,
      available: 40 * GiB,
      used: 60 * GiB,
      readonly: false,
      level: 'ok',
    },
    {
      mountpoint: '/data',
      device: '/dev/vdb1',
      type: 'ext4',
      size: 100 * GiB,
      available: 8 * GiB,
      used: 92 * GiB,
      readonly: false,
      secondsToFull: 7200,
      level: 'warning',
    },
    { mountpoint: '/mnt/nfs', device: 'server:/x', type: 'nfs', readonly: false, level: 'ok' },
  ],
  network: [
    { device: 'lo', receiveBytesPerSecond: 9e9, transmitBytesPerSecond: 9e9 },
    { device: 'eth0', up: true, receiveBytesPerSecond: 1_500_000, transmitBytesPerSecond: 250_000 },
  ],
  temperatures: [
    { name: 'nvme', celsius: 62, critical: 85, level: 'ok' },
    { name: 'coretemp', celsius: 55, critical: 100, level: 'ok' },
  ],
  gpus: [],
  levels: { cpu: 'ok', memory: 'ok', swap: 'ok', load: 'ok', filesystems: 'warning', temperatures: 'ok' },
  thresholds: {
    cpu: { warning: 0.9, critical: 0.97 },
    memory: { warning: 0.9, critical: 0.97 },
    load: { warning: 1.5, critical: 3 },
    filesystems: { warning: 0.9, critical: 0.97 },
  },
  failing: {},
}

export const withGpu: SystemMetrics = { ...system, gpus: [gpu], levels: { ...system.levels, gpus: 'warning' } }

export const failing: SystemMetrics = { ...system, failing: { hwmon: 'no answer within 2.5 s' } }

export const database: DatabaseHealth = {
  state: { up: true, since: noon - 3_600_000, version: '18.4', embedded: true, uptime: 3600 },
  connections: { max: 100, used: 17, byState: { idle: 9, active: 6, 'idle in transaction': 2, disabled: 0 } },
  activity: { commits: 120, rollbacks: 1, cacheHit: 0.993, tuplesRead: 5400, tuplesWritten: 210, deadlocks: 0 },
  databases: [
    { name: 'aura', bytes: 3 * GiB, connections: 12, xidAge: 1_200_000 },
    { name: 'postgres', bytes: 8_000_000, connections: 5 },
  ],
  locks: {
    waiting: 2,
    byMode: { RowExclusiveLock: 7, AccessShareLock: 12 },
    chains: [
      { blocked: 101, blocking: 100, database: 'aura', seconds: 12, user: 'app' },
      { blocked: 102, blocking: 101, database: 'aura', seconds: 4, user: 'app' },
    ],
  },
  longTransactions: [{ database: 'aura', state: 'idle in transaction', seconds: 340 }],
  statements: [
    {
      id: '42',
      database: 'aura',
      user: 'app',
      calls: 200,
      seconds: 50,
      rows: 900,
      text: 'select * from event where id = $1',
    },
  ],
  replication: { isReplica: false, replicas: 1, slots: 2, inactiveSlots: 1 },
  tables: [{ database: 'aura', schema: 'public', name: 'event', bytes: 2 * GiB, live: 900, dead: 100 }],
  failing: {},
}

export const databaseDown: DatabaseHealth = {
  ...database,
  state: { up: false, since: noon - 60_000, reason: 'connection refused', embedded: true },
}

export const alerts: FiringAlerts = {
  source: 'http://127.0.0.1:9090',
  alerts: [
    {
      name: 'FilesystemFilling',
      state: 'pending',
      severity: 'critical',
      summary: '/data will be full in 2 h',
      labels: { alertname: 'FilesystemFilling', severity: 'critical', mountpoint: '/data' },
      since: noon - 30_000,
    },
    {
      name: 'BlockedTransactions',
      state: 'firing',
      severity: 'warning',
      summary: 'Transactions wait for locks',
      labels: { alertname: 'BlockedTransactions', severity: 'warning', job: 'postgres' },
      since: noon - 300_000,
    },
    {
      name: 'GpuHot',
      state: 'firing',
      severity: 'critical',
      summary: 'A GPU is too hot',
      labels: { alertname: 'GpuHot', severity: 'critical', uuid: 'GPU-1' },
      since: noon - 100_000,
    },
  ],
}

/** Fifteen minutes, a point each ten seconds, that end at `end`. */
export function history(end: number, names: readonly string[], value = 0.4): SystemHistory {
  const times = Array.from({ length: 90 }, (_, index) => end - (89 - index) * 10_000)
  const column = (phase: number) => times.map((_, index) => value * (1 + 0.4 * Math.sin(index / 6 + phase)))
  return { times, series: Object.fromEntries(names.map((name, phase) => [name, column(phase)])) }
}
