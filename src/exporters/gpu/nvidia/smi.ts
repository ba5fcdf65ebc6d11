import { counter, gauge, type Exposition, type Metric } from '../../../lib/exposition.ts'
import type { Memory } from '../state.ts'
import { known, numeric } from './cell.ts'
import { cellsOf, type Cells, type Column } from './csv.ts'
import type { NvidiaReading } from './query.ts'

const infoColumns = ['driver_version', 'vbios_version', 'pci.bus_id', 'serial', 'compute_cap', 'index'] as const
const infoLabels = infoColumns.map((column) => column.replace('.', '_'))

/** The `nvidia_smi_*` families with fixed names; one more per numeric column is named by its header. */
export const metrics = {
  info: gauge('nvidia_smi_gpu_info', 'A GPU known to nvidia-smi; always 1.', 'uuid', 'name', ...infoLabels),
  apps: gauge('nvidia_smi_compute_apps', 'Compute processes on the GPU.', 'uuid'),
  appInfo: gauge('nvidia_smi_compute_app_info', 'A compute process; always 1.', 'uuid', 'pid', 'process_name'),
  appMemory: gauge(
    'nvidia_smi_compute_app_used_memory_bytes',
    'GPU memory used by a compute process.',
    'uuid',
    'pid',
    'process_name',
  ),
  appsSuccess: gauge('nvidia_smi_compute_apps_last_collect_success', 'Whether processes were listed.'),
  success: gauge('nvidia_smi_last_collect_success', 'Whether the last poll of nvidia-smi succeeded.'),
  successTime: gauge('nvidia_smi_last_collect_success_timestamp_seconds', 'Time of the last successful poll.'),
  duration: gauge('nvidia_smi_last_collect_duration_seconds', 'Time that the last poll took.'),
  failed: counter('nvidia_smi_failed_scrapes_total', 'Polls of nvidia-smi that failed.'),
  exitCode: gauge('nvidia_smi_command_exit_code', 'Exit code of the last nvidia-smi.'),
}

interface Unit {
  readonly suffix: string
  readonly factor: number
  readonly divisor: number
}
const unit = (suffix: string, factor = 1, divisor = 1): Unit => ({ suffix, factor, divisor })
const noUnit = unit('')
const units = new Map<string, Unit>([
  ['%', unit('_ratio', 1, 100)],
  ['MiB', unit('_bytes', 1048576)],
  ['W', unit('_watts')],
  ['MHz', unit('_clock_hz', 1e6)],
  ['us', unit('_seconds', 1, 1e6)],
  ['ms', unit('_seconds', 1, 1e3)],
])

/** `clocks.current.sm [MHz]` -> `nvidia_smi_clocks_current_sm_clock_hz`. */
export function familyName({ name, unit: inUnit }: Column): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return `nvidia_smi_${words.replaceAll(/[^a-z0-9]+/g, '_')}${units.get(inUnit)?.suffix ?? ''}`
}

/** Identity, told by nvidia_smi_gpu_info; a number made of a serial or a version would mean nothing. */
const textColumns = new Set(['uuid', 'name', 'pci.bus_id', 'serial', 'driver_version', 'vbios_version'])

/** Made once per header cell, however often it is read. */
const families = new Map<string, Metric>()

function family(column: Column): Metric {
  let metric = families.get(column.header)
  if (metric === undefined) {
    const name = familyName(column)
    metric = (name.endsWith('_total') ? counter : gauge)(name, `${column.header} of nvidia-smi.`, 'uuid')
    families.set(column.header, metric)
  }
  return metric
}

/** These families drop the `GPU-` that the driver puts before a UUID. */
export const bare = (uuid: string): string => uuid.replace(/^GPU-/, '')

export function writeSmi({ table, cards, processes }: NvidiaReading, out: Exposition): void {
  const columns = table.columns.filter(({ name }) => !textColumns.has(name))
  table.rows.forEach((row, i) => {
    const card = cards[i]
    if (card === undefined) return
    const uuid = bare(card.uuid)
    writeColumns(columns, cellsOf(table, row), uuid, card.name, out)
    if (processes !== undefined) out.set(metrics.apps, processes.filter((p) => p.uuid === card.uuid).length, uuid)
  })
  out.set(metrics.appsSuccess, processes === undefined ? 0 : 1)
  for (const { uuid, pid, name, memory } of processes ?? []) {
    out.set(metrics.appInfo, 1, bare(uuid), pid, name)
    out.set(metrics.appMemory, memory, bare(uuid), pid, name)
  }
}

function writeColumns(columns: readonly Column[], cell: Cells, uuid: string, name: string, out: Exposition): void {
  const facts = infoColumns.map((column) => known(cell(column)) ?? '')
  out.set(metrics.info, 1, uuid, name, ...facts)
  for (const column of columns) {
    const value = numeric(column.name, cell(column.name))
    if (value === undefined) continue
    const { factor, divisor } = units.get(column.unit) ?? noUnit
    out.set(family(column), (value * factor) / divisor, uuid)
  }
}

/** The exporter's own health, as nvidia_gpu_exporter tells it. */
export function writeSelf(memory: Memory<unknown>, out: Exposition): void {
  if (memory.state === undefined) return
  out.set(metrics.success, memory.state === 'ok' ? 1 : 0)
  out.set(metrics.successTime, memory.good && memory.good.at / 1000)
  out.set(metrics.duration, memory.took / 1000)
  out.set(metrics.failed, memory.failed)
  out.set(metrics.exitCode, memory.exitCode)
}
