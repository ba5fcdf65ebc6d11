import { loadRecording } from '../../../src/demo/nvidia-smi/recording.ts'
import { parseScene } from '../../../src/demo/nvidia-smi/scene.ts'
import { simulate } from '../../../src/demo/nvidia-smi/simulate.ts'
import type { GpuConfig } from '../../../src/exporters/gpu/config.ts'
import { createGpuExporter, type GpuLinks } from '../../../src/exporters/gpu/index.ts'
import { SmiError } from '../../../src/exporters/gpu/nvidia/fault.ts'
import type { Run } from '../../../src/exporters/gpu/nvidia/run.ts'
import type { Exporter } from '../../../src/exporters/exporter.ts'
import { quiet } from '../../support/logger.ts'

export const config: GpuConfig = {
  enabled: true,
  nvidia_smi: 'nvidia-smi',
  poll_interval: '5s',
  poll_timeout: '4s',
  max_age: '15s',
  idle_pause: '2m',
  recheck_interval: '1m',
  extra_fields: [],
  dcgm_names: true,
  nvidia_smi_names: true,
  amdgpu_ids: '/nowhere/amdgpu.ids',
  procfs: '/nowhere/proc',
  sysfs: '/nowhere/sys',
}

/** nvidia-smi within this process: `missing` is no program at all, `hang` fails at once as if its deadline were over. */
export function simulatedRun(scene: () => string, calls: string[] = []): Run {
  return async (args) => {
    const text = scene()
    if (text === 'missing') throw new SmiError('absent', 'not_found', 'nvidia-smi was not found')
    calls.push(args.join(' '))
    const parsed = parseScene(text)
    const { stdout, exitCode, delay } = simulate(args, parsed, loadRecording(parsed.machine), new Date())
    if (delay === Infinity) throw new SmiError('hung', 'timeout', 'nvidia-smi did not answer in time and was killed')
    return { stdout, stderr: '', exitCode }
  }
}

export const gpuExporter = (options: Partial<GpuConfig> & GpuLinks): Exporter =>
  createGpuExporter({ ...config, hostname: 'testhost', ...options }, { log: quiet })

/** A page in one order (collectors finish as they please), without what no two runs have in common. */
export function stable(page: string): string {
  const families = page
    .split(/^(?=# HELP )/m)
    .filter((family) => !family.includes('gpu_scrape_collector_duration_seconds'))
  return families.toSorted().map(sorted).join('')
}

function sorted(family: string): string {
  const [help = '', type = '', ...samples] = family.trimEnd().split('\n')
  return `${[help, type, ...samples.toSorted()].join('\n')}\n`
}
