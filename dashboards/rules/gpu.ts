import { limits } from '../limits.ts'
import { always, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { gpu } = limits
const card = (more = ''): string =>
  `{job="gpu", instance="ai:9464", gpu="0", uuid="GPU-1", vendor="nvidia", name="H200"${more === '' ? '' : `, ${more}`}}`
const which = 'GPU {{ $labels.gpu }} ({{ $labels.name }}) of {{ $labels.instance }}'

const memory: AlertRule = {
  alert: 'GPUMemoryNearlyFull',
  expr: `gpu:memory_used:ratio > ${gpu.memory}`,
  for: '10m',
  severity: 'warning',
  component: 'gpu',
  summary: `The memory of ${which} is nearly full`,
  description: `{{ $value | humanizePercentage }} of the video memory is in use; more than ${share(gpu.memory)} for ten minutes.`,
  board: 'gpu',
  runbook: {
    means:
      'The next model, or a longer context, does not fit: it spills to main memory and becomes ten times slower, or fails.',
    look: ['Page Models of the console: which models hold it. `nvidia-smi`: which other programs.'],
    causes: [
      'Several models loaded; a long context; a desktop or a game on the same card; a process that was not ended.',
    ],
    mend: ['`ollama stop NAME`; lower `OLLAMA_MAX_LOADED_MODELS`, `OLLAMA_NUM_PARALLEL` or the context length.'],
  },
  proof: {
    series: {
      [`gpu_memory_used_bytes${card()}`]: phases([94, 20], [96, 20], [10, 10]),
      [`gpu_memory_total_bytes${card()}`]: always(100),
    },
    quiet: 19,
    fires: 35,
    resolves: 45,
    labels: { gpu: '0' },
  },
}

const heat = (memoryToo: boolean): AlertRule => {
  const limit = memoryToo ? gpu.memoryTemperature : gpu.temperature
  const metric = memoryToo ? 'gpu_memory_temperature_celsius' : 'gpu_temperature_celsius'
  return {
    alert: memoryToo ? 'GPUMemoryTemperatureHigh' : 'GPUTemperatureHigh',
    expr: `${metric}{job="gpu"} > ${limit}`,
    for: '10m',
    severity: 'warning',
    component: 'gpu',
    summary: `${memoryToo ? 'The memory of ' : ''}${which} is hot`,
    description: `{{ $value }} °C for ten minutes; the limit is ${limit} °C.`,
    board: 'gpu',
    runbook: {
      means: 'The card will slow itself down soon, and ages faster.',
      look: ['`nvidia-smi -q -d TEMPERATURE,POWER`; the fans.'],
      causes: ['A dead fan, dust, a blocked outlet, a hot room, cards too close to each other.'],
      mend: ['Clean, cool; `nvidia-smi -pl WATTS` lowers the power limit at once.'],
    },
    proof: {
      series: { [`${metric}${card()}`]: phases([limit, 20], [limit + 1, 20], [40, 10]) },
      quiet: 19,
      fires: 35,
      resolves: 45,
      labels: { gpu: '0' },
    },
  }
}

const throttled = (reason: 'hw_thermal_slowdown' | 'hw_power_brake_slowdown' | 'sw_thermal_slowdown'): AlertRule => {
  const [alert, lasting, severity, what] = (
    {
      hw_thermal_slowdown: ['GPUThermalSlowdown', '5m', 'critical', 'because it is too hot'],
      hw_power_brake_slowdown: ['GPUPowerBrake', '5m', 'critical', 'because the power supply asks for it'],
      sw_thermal_slowdown: [
        'GPUSoftwareThermalSlowdown',
        '30m',
        'warning',
        'because it is near its limit of temperature',
      ],
    } as const
  )[reason]
  return {
    alert,
    expr: `gpu_throttle_active{job="gpu", reason="${reason}"} == 1`,
    for: lasting,
    severity,
    component: 'gpu',
    summary: `${which} slows itself down`,
    description: `The card lowers its clock ${what} (${reason} is {{ $value }}).`,
    board: 'gpu',
    runbook: {
      means: 'Answers come slower than the card could give them.',
      look: ['`nvidia-smi -q -d PERFORMANCE,TEMPERATURE,POWER`.'],
      causes:
        reason === 'hw_power_brake_slowdown'
          ? ['A power supply or cable that is too weak; a limit of the chassis.']
          : ['Cooling: fans, dust, a hot room.'],
      mend:
        reason === 'hw_power_brake_slowdown'
          ? ['Check the cables and the power supply; lower the limit with `nvidia-smi -pl`.']
          : ['As under GPUTemperatureHigh.'],
    },
    proof: {
      series: {
        [`gpu_throttle_active${card(`reason="${reason}"`)}`]: phases([0, 5], [1, 4], [0, 5], [1, 60], [0, 10]),
      },
      quiet: 8,
      fires: 70,
      resolves: 80,
      labels: { gpu: '0' },
    },
  }
}

/** What is recorded and told about memory, heat and clocks of graphics processors. */
export const gpuRules: RuleGroup = {
  name: 'gpu',
  title: 'GPU: memory, heat, clocks',
  recording: [
    {
      record: 'gpu:memory_used:ratio',
      expr: 'gpu_memory_used_bytes{job="gpu"} / (gpu_memory_total_bytes{job="gpu"} > 0)',
    },
    { record: 'gpu:utilization:avg5m', expr: 'avg_over_time(gpu_utilization_ratio{job="gpu"}[5m])' },
    { record: 'gpu:power:avg5m', expr: 'avg_over_time(gpu_power_watts{job="gpu"}[5m])' },
    { record: 'instance:gpu_power_watts:sum', expr: 'sum by (job, instance) (gpu_power_watts{job="gpu"})' },
  ],
  alerts: [
    memory,
    heat(false),
    heat(true),
    throttled('hw_thermal_slowdown'),
    throttled('hw_power_brake_slowdown'),
    throttled('sw_thermal_slowdown'),
  ],
}
