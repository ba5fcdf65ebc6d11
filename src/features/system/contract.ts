import { Type, type Static } from 'typebox'

const Num = Type.Number()
const Opt = Type.Optional(Type.Number())

/** ok, or how bad, with the threshold that says so; thresholds are configuration. */
export const Level = Type.Enum(['ok', 'warning', 'critical'])

export const Cpu = Type.Object({
  cores: Type.Integer(),
  /** Share of time not idle since the previous reading, all cores, 0..1; absent in the first reading. */
  busy: Opt,
  /** Same per core. */
  perCore: Type.Array(Num),
  /** Shares of the whole by mode: user, system, iowait, steal, … */
  modes: Type.Record(Type.String(), Num),
})

/** Bytes. */
export const Memory = Type.Object({
  total: Num,
  available: Num,
  used: Num,
  buffers: Opt,
  cached: Opt,
  swapTotal: Num,
  swapUsed: Num,
})

/** Share of time tasks waited, 0..1, over 10 s; absent where the kernel has no PSI. */
export const Pressure = Type.Object({ cpu: Opt, io: Opt, memory: Opt })

export const Disk = Type.Object({
  device: Type.String(),
  readBytesPerSecond: Opt,
  writeBytesPerSecond: Opt,
  readsPerSecond: Opt,
  writesPerSecond: Opt,
  /** Share of time with I/O in flight, 0..1. */
  busy: Opt,
})

export const Filesystem = Type.Object({
  mountpoint: Type.String(),
  device: Type.String(),
  type: Type.String(),
  /** Bytes; absent while the mount does not answer. */
  size: Opt,
  available: Opt,
  used: Opt,
  readonly: Type.Boolean(),
  /** Seconds until full at the pace of the last hour; absent if it does not fill steadily, or is not known for 15 min. */
  secondsToFull: Opt,
  level: Level,
})

export const NetworkInterface = Type.Object({
  device: Type.String(),
  up: Type.Optional(Type.Boolean()),
  receiveBytesPerSecond: Opt,
  transmitBytesPerSecond: Opt,
  errorsPerSecond: Opt,
  dropsPerSecond: Opt,
})

export const Temperature = Type.Object({ name: Type.String(), celsius: Num, critical: Opt, level: Level })

export const Gpu = Type.Object({
  uuid: Type.String(),
  name: Type.String(),
  vendor: Type.String(),
  /** 0..1, bytes, °C, W: absent where the card does not say. */
  utilization: Opt,
  memoryUsed: Opt,
  memoryTotal: Opt,
  celsius: Opt,
  watts: Opt,
  powerLimit: Opt,
  fan: Opt,
  processes: Type.Array(Type.Object({ pid: Type.String(), name: Type.String(), model: Type.String(), memory: Opt })),
})

/** Everything the Monitor page shows of this machine: `GET /api/system/metrics`, topic `system` (keys as here). */
export const SystemMetrics = Type.Object({
  host: Type.Object({ name: Type.String(), kernel: Type.String(), uptime: Num }),
  cpu: Cpu,
  memory: Memory,
  load: Type.Object({ load1: Num, load5: Num, load15: Num }),
  pressure: Pressure,
  disks: Type.Array(Disk),
  filesystems: Type.Array(Filesystem),
  network: Type.Array(NetworkInterface),
  temperatures: Type.Array(Temperature),
  gpus: Type.Array(Gpu),
  /** Highest level per tile: cpu, memory, swap, load, filesystems, temperatures, gpus. */
  levels: Type.Record(Type.String(), Level),
  /**
   * From which values on those levels are reached, in the unit of what is judged: cpu, memory, swap, filesystems,
   * gpuMemory (shares), load (per core, over 5 min), temperatures, gpuTemperature (°C).
   */
  thresholds: Type.Optional(Type.Record(Type.String(), Type.Object({ warning: Num, critical: Num }))),
  /** Sources that failed this time, with the reason; their parts above are empty or absent. */
  failing: Type.Record(Type.String(), Type.String()),
})

/** The last minutes from memory: `GET /api/system/history?minutes=15`. Columns of equal length; null = unknown. */
export const SystemHistory = Type.Object({
  /** ms since the epoch. */
  times: Type.Array(Num),
  /** `cpu.busy`, `memory.used`, `load.load1`, `network.eth0.receive`, `disk.vda.read`, `gpu.<uuid>.utilization`, … */
  series: Type.Record(Type.String(), Type.Array(Type.Union([Num, Type.Null()]))),
})

const Series = Type.String({
  maxLength: 2000,
  description: 'Names of series, separated by commas; a name may end in *. All when absent.',
})
const minutes = (most: number, value: number) =>
  Type.Number({ minimum: 1, maximum: most, default: value, description: 'How far back.' })

/** `?minutes=15&series=cpu.busy,network.*` */
export const HistoryQuery = Type.Object({ minutes: minutes(1440, 15), series: Type.Optional(Series) })
/** Longer ranges, up to a week; a series must be named. */
export const RangeQuery = Type.Object({ minutes: minutes(10_080, 60), series: Series })

export type SystemMetrics = Static<typeof SystemMetrics>
export type SystemHistory = Static<typeof SystemHistory>
