import type { Snapshot } from './answer.ts'
import type { Answer } from './query.ts'
import type { RecordedMigDevice } from './recording.ts'

/** `-L`: cards and their MIG devices. */
export function list({ cells, recording }: Snapshot): Answer {
  const card = `GPU ${cells.get('index')}: ${cells.get('name')} (UUID: ${cells.get('uuid')})\n`
  const devices = recording.mig.map(
    ({ profile, index, uuid }) => `  MIG ${profile.padEnd(14)}  Device  ${index}: (UUID: ${uuid})\n`,
  )
  return { stdout: card + devices.join(''), exitCode: 0 }
}

const element = (name: string, text: string): string => `<${name}>${text}</${name}>\n`
const mebibytes = (memory: Readonly<Record<string, number>>): string =>
  Object.entries(memory)
    .map(([name, value]) => element(name, `${value} MiB`))
    .join('')

function migDevice({ index, gpu_instance_id, compute_instance_id, memory }: RecordedMigDevice, busy: boolean): string {
  const shown = busy ? memory : { ...memory, used: 0, free: memory.total }
  const parts = [
    element('index', String(index)),
    element('gpu_instance_id', String(gpu_instance_id)),
    element('compute_instance_id', String(compute_instance_id)),
    element('fb_memory_usage', `\n${mebibytes(shown)}`),
  ]
  return element('mig_device', `\n${parts.join('')}`)
}

/** `-q -x`: the parts that monitoring programs read. Values carry the real program's stray spaces. */
export function xml({ cells, recording, busy, time }: Snapshot): Answer {
  const cell = (name: string): string => (cells.get(name) ?? 'N/A').replace(/^\[(.*)\]$/, '$1')
  const memory = ['total', 'reserved', 'used', 'free'].map((name) => element(name, cell(`memory.${name}`))).join('')
  const devices = recording.mig.map((device) => migDevice(device, busy)).join('')
  const mig = element('current_mig', cell('mig.mode.current')) + element('pending_mig', cell('mig.mode.pending'))
  const gpu = [
    element('product_name', cell('name')),
    element('mig_mode', `\n${mig}`),
    element('mig_devices', devices === '' ? '\nNone\n' : `\n${devices}`),
    element('uuid', cell('uuid')),
    element('fan_speed', cell('fan.speed')),
    element('fb_memory_usage', `\n${memory}`),
    element('utilization', `\n${element('gpu_util', ` ${cell('utilization.gpu')}`)}`),
    element('temperature', `\n${element('gpu_temp', `${cell('temperature.gpu')} C`)}`),
    element('gpu_power_readings', `\n${element('power_draw', cell('power.draw'))}`),
  ].join('')
  const head = `<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n`
  const log = [
    element('timestamp', time.toUTCString()),
    element('driver_version', cell('driver_version')),
    element('attached_gpus', '1'),
    `<gpu id="${cell('pci.bus_id')}">\n${gpu}</gpu>\n`,
  ].join('')
  return { stdout: head + element('nvidia_smi_log', `\n${log}`), exitCode: 0 }
}
