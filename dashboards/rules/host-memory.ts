import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { memory } = limits
const host = '{job="node", instance="ai:9464"}'
const onHost = 'on {{ $labels.instance }}'

const memoryUsed: AlertRule = {
  alert: 'NodeMemoryHighUtilization',
  expr: `instance:node_memory_utilisation:ratio{job="node"} > ${memory.used}`,
  for: '15m',
  severity: 'warning',
  component: 'host',
  summary: `Memory ${onHost} is nearly used up`,
  description: `{{ $value | humanizePercentage }} of the memory ${onHost} is in use; more than ${share(memory.used)} for 15 minutes.`,
  board: 'host',
  runbook: {
    means: 'Soon the machine swaps, or the kernel ends the largest program: mostly Ollama or PostgreSQL.',
    look: [
      '`free -h`, `ps -eo pid,rss,cmd --sort -rss | head`: who holds it.',
      'Page Models of the console: how much of which model lies in main memory.',
    ],
    causes: ['A model that spills from video memory; a long context; a leak.'],
    mend: ['Unload a model: `ollama stop NAME`; lower `OLLAMA_MAX_LOADED_MODELS` or the context; add memory.'],
  },
  proof: {
    series: {
      [`node_memory_MemTotal_bytes${host}`]: always(100),
      [`node_memory_MemAvailable_bytes${host}`]: phases([11, 30], [5, 40], [60, 30]),
    },
    quiet: 29,
    fires: 60,
    resolves: 80,
  },
}

const faults: AlertRule = {
  alert: 'NodeMemoryMajorPagesFaults',
  expr: `instance:node_vmstat_pgmajfault:rate5m{job="node"} > ${memory.majorFaultsPerSecond}`,
  for: '15m',
  severity: 'warning',
  component: 'host',
  summary: `Memory is read back from disk ${onHost}`,
  description: `{{ printf "%.0f" $value }} pages a second are read back from disk ${onHost}; more than ${memory.majorFaultsPerSecond} for 15 minutes.`,
  board: 'host',
  runbook: {
    means: 'The working memory does not fit: programs wait for the disk at every step.',
    look: ['`vmstat 5`, columns si and so; `free -h`.'],
    causes: ['Too many or too large models in main memory; models that are mapped from a slow disk.'],
    mend: ['Unload models, choose smaller ones, add memory.'],
  },
  proof: {
    series: { [`node_vmstat_pgmajfault${host}`]: counter([24_000, 30], [60_000, 40], [60, 40]) },
    quiet: 29,
    fires: 65,
    resolves: 90,
  },
}

const stalled: AlertRule = {
  alert: 'NodeMemoryPressure',
  expr: `rate(node_pressure_memory_stalled_seconds_total{job="node"}[5m]) > ${memory.stalled}`,
  for: '10m',
  severity: 'critical',
  component: 'host',
  summary: `Everything ${onHost} waits for memory`,
  description: `For {{ $value | humanizePercentage }} of the time nothing can go on ${onHost} because memory is missing; more than ${share(memory.stalled)} for 10 minutes.`,
  board: 'host',
  runbook: {
    means: 'The machine is thrashing: it is up but can hardly be used, and may soon not let you log in.',
    look: ['`cat /proc/pressure/memory`; `ps -eo pid,rss,cmd --sort -rss | head -5`.'],
    causes: ['A model or a query far larger than the memory that is left.'],
    mend: ['End the largest program you can do without, before the kernel chooses: `ollama stop NAME`, `kill PID`.'],
  },
  proof: {
    series: { [`node_pressure_memory_stalled_seconds_total${host}`]: counter([5, 30], [20, 30], [0, 30]) },
    quiet: 29,
    fires: 55,
    resolves: 80,
  },
}

const killed: AlertRule = {
  alert: 'NodeOutOfMemoryKill',
  expr: 'increase(node_vmstat_oom_kill{job="node"}[5m]) > 0',
  for: '0m',
  keepFiringFor: '10m',
  severity: 'critical',
  component: 'host',
  summary: `The kernel ended a program ${onHost} for lack of memory`,
  description: `{{ printf "%.0f" $value }} programs were ended within five minutes ${onHost} because there was no memory left.`,
  board: 'host',
  runbook: {
    means: 'Something died without being able to save its work; often it is the largest program, Ollama or PostgreSQL.',
    look: ['`journalctl -k --grep "Out of memory"` or `dmesg -T | grep -i oom`: which program, how large it was.'],
    causes: ['A model that did not fit; no swap; a limit of a container or a systemd unit that is too low.'],
    mend: ['Start what died; make room as under NodeMemoryHighUtilization; raise `MemoryMax` if a unit hit it.'],
  },
  proof: { series: { [`node_vmstat_oom_kill${host}`]: phases([7, 20], [8, 60]) }, quiet: 19, fires: 22, resolves: 50 },
}

const swapping: AlertRule = {
  alert: 'NodeSwapFillingUp',
  expr: `1 - node_memory_SwapFree_bytes{job="node"} / (node_memory_SwapTotal_bytes{job="node"} > 0) > ${memory.swapUsed}`,
  for: '10m',
  severity: 'warning',
  component: 'host',
  summary: `Swap ${onHost} is nearly used up`,
  description: `{{ $value | humanizePercentage }} of the swap ${onHost} is used; more than ${share(memory.swapUsed)} for 10 minutes.`,
  board: 'host',
  runbook: {
    means: 'When swap is full too, the kernel ends programs.',
    look: ['`free -h`; `smem -s swap -r | head` or the VmSwap lines of `/proc/*/status`.'],
    causes: ['More memory in use than there is, for a while or for good.'],
    mend: ['See NodeMemoryHighUtilization; `swapoff -a && swapon -a` once there is room.'],
  },
  proof: {
    series: {
      [`node_memory_SwapTotal_bytes${host}`]: always(100),
      [`node_memory_SwapFree_bytes${host}`]: phases([25, 20], [10, 30], [90, 20]),
    },
    quiet: 19,
    fires: 45,
    resolves: 60,
  },
}

/** What is recorded and told about memory and swap. */
export const hostMemory: RuleGroup = {
  name: 'host-memory',
  title: 'Host: memory',
  recording: [
    {
      record: 'instance:node_memory_utilisation:ratio',
      expr: '1 - node_memory_MemAvailable_bytes{job="node"} / node_memory_MemTotal_bytes{job="node"}',
    },
    { record: 'instance:node_vmstat_pgmajfault:rate5m', expr: 'rate(node_vmstat_pgmajfault{job="node"}[5m])' },
  ],
  alerts: [memoryUsed, faults, stalled, killed, swapping],
}
