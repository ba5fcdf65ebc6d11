import { limits } from '../limits.ts'
import { phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const { gpu } = limits
const card = (more: string): string =>
  `{job="gpu", instance="ai:9464", gpu="0", uuid="GPU-1", vendor="nvidia", name="H200", ${more}}`
const vendor = '{job="gpu", instance="ai:9464", vendor="nvidia"}'
const which = 'GPU {{ $labels.gpu }} ({{ $labels.name }}) of {{ $labels.instance }}'

const silent: AlertRule = {
  alert: 'GPUCollectionFailing',
  expr: 'gpu_up{job="gpu"} == 0',
  for: '10m',
  severity: 'critical',
  component: 'gpu',
  summary: 'The {{ $labels.vendor }} GPUs of {{ $labels.instance }} cannot be read',
  description: 'Reading them has failed for ten minutes (gpu_up is {{ $value }}).',
  board: 'gpu',
  runbook: {
    means: 'A driver or a card hangs, and models probably run on processors or not at all.',
    look: [
      '`nvidia-smi`: does it answer, and how fast. `dmesg -T | grep -iE "xid|nvrm"`.',
      '`gpu_state` in Prometheus: what the exporter met.',
    ],
    causes: [
      'A card that fell off the bus; a driver that was upgraded under a running kernel; a hung process in the driver.',
    ],
    mend: ['Restart the machine if `nvidia-smi` hangs; reinstall the driver if it says version mismatch.'],
  },
  proof: {
    series: { [`gpu_up${vendor}`]: phases([1, 10], [0, 9], [1, 5], [0, 30], [1, 10]) },
    quiet: 18,
    fires: 45,
    resolves: 60,
  },
}

const stale: AlertRule = {
  alert: 'GPUReadingStale',
  expr: `gpu_reading_age_seconds{job="gpu"} > ${gpu.age}`,
  for: '1m',
  severity: 'warning',
  component: 'gpu',
  summary: 'Values of the {{ $labels.vendor }} GPUs of {{ $labels.instance }} are old',
  description: `The last reading is {{ $value | humanizeDuration }} old; the limit is ${gpu.age} seconds.`,
  board: 'gpu',
  runbook: {
    means: 'Temperature, memory and load of the cards are not known at present.',
    look: ['`time nvidia-smi`.'],
    causes: ['A driver that hangs; a machine so loaded that polls do not get through.'],
    mend: ['As under GPUCollectionFailing.'],
  },
  proof: {
    series: { [`gpu_reading_age_seconds${vendor}`]: phases([299, 10], [400, 10], [3, 10]) },
    quiet: 9,
    fires: 15,
    resolves: 25,
  },
}

const slow: AlertRule = {
  alert: 'GPUCollectionSlow',
  expr: `gpu_poll_duration_seconds{job="gpu"} > ${gpu.slowPoll * 0.5}`,
  for: '10m',
  severity: 'warning',
  component: 'gpu',
  summary: 'Reading the {{ $labels.vendor }} GPUs of {{ $labels.instance }} takes long',
  description: `A poll takes {{ $value | humanizeDuration }}; usual is a tenth of a second, the limit ${gpu.slowPoll * 0.5} seconds.`,
  board: 'gpu',
  runbook: {
    means: 'The driver is busy or about to hang.',
    look: ['`time nvidia-smi`; `nvidia-smi -q -d PERFORMANCE`.'],
    causes: ['Persistence mode is off, so that the driver is loaded at every call; a card in trouble.'],
    mend: ['`nvidia-smi -pm 1` or the service nvidia-persistenced.'],
  },
  proof: {
    series: { [`gpu_poll_duration_seconds${vendor}`]: phases([2.4, 20], [3, 20], [0.1, 10]) },
    quiet: 19,
    fires: 35,
    resolves: 45,
  },
}

const errors: AlertRule = {
  alert: 'GPUUncorrectableEccErrors',
  expr: 'increase(gpu_ecc_errors_total{job="gpu", severity="uncorrected", scope="volatile"}[15m]) > 0',
  for: '0m',
  severity: 'critical',
  component: 'gpu',
  summary: `The memory of ${which} returned wrong data`,
  description: '{{ printf "%.0f" $value }} errors within 15 minutes could not be corrected.',
  board: 'gpu',
  runbook: {
    means: 'What was computed on the card may be wrong, and programs on it were probably ended.',
    look: ['`nvidia-smi -q -d ECC,ROW_REMAPPER`; `dmesg -T | grep -i xid`.'],
    causes: ['A failing memory chip of the card.'],
    mend: ['Restart what used the card; reset it or restart the machine to remap rows; replace it if it comes again.'],
  },
  proof: {
    series: { [`gpu_ecc_errors_total${card('severity="uncorrected", scope="volatile"')}`]: phases([0, 30], [1, 60]) },
    quiet: 29,
    fires: 35,
    resolves: 60,
    labels: { gpu: '0' },
  },
}

const remap: AlertRule = {
  alert: 'GPURowRemapFailure',
  expr: 'DCGM_FI_DEV_ROW_REMAP_FAILURE{job="gpu"} > 0',
  for: '0m',
  severity: 'critical',
  component: 'gpu',
  summary: 'GPU {{ $labels.gpu }} of {{ $labels.instance }} has no spare rows left',
  description: 'Defective rows of its memory can no longer be replaced (value {{ $value }}).',
  board: 'gpu',
  runbook: {
    means: 'The card will return wrong data sooner or later.',
    look: ['`nvidia-smi -q -d ROW_REMAPPER`.'],
    causes: ['Many memory errors over its life.'],
    mend: ['Take the card out of use and have it replaced.'],
  },
  proof: {
    series: {
      'DCGM_FI_DEV_ROW_REMAP_FAILURE{job="gpu", instance="ai:9464", gpu="0"}': phases([0, 10], [1, 10], [0, 10]),
    },
    quiet: 9,
    fires: 15,
    resolves: 25,
    labels: { gpu: '0' },
  },
}

const missing: AlertRule = {
  alert: 'GPUMissing',
  expr: 'gpu_cards{job="gpu"} < max_over_time(gpu_cards{job="gpu"}[1d])',
  for: '5m',
  severity: 'critical',
  component: 'gpu',
  summary: 'A {{ $labels.vendor }} GPU of {{ $labels.instance }} has disappeared',
  description: '{{ $value }} cards are left; there were more within the last day.',
  board: 'gpu',
  runbook: {
    means: 'A card has fallen off the bus; models that were on it are gone.',
    look: ['`nvidia-smi -L`; `lspci | grep -i nvidia`; `dmesg -T | grep -iE "fallen off|xid"`.'],
    causes: ['A card that is too hot or dying; a bad riser or power cable; a driver in trouble.'],
    mend: ['Restart the machine; if it is gone again, check cables and cooling, then replace it.'],
  },
  proof: {
    series: { [`gpu_cards${vendor}`]: phases([2, 30], [1, 4], [2, 10], [1, 30], [2, 20]) },
    quiet: 33,
    fires: 70,
    resolves: 85,
  },
}

/** What is told about cards that fail, and about reading them. */
export const gpuHealth: RuleGroup = {
  name: 'gpu-health',
  title: 'GPU: cards and their reading',
  recording: [],
  alerts: [silent, stale, slow, errors, remap, missing],
}
