import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { cpu, files } = limits
const host = '{job="node", instance="ai:9464"}'
const onHost = 'on {{ $labels.instance }}'

const processor = (mode: string): string =>
  `node_cpu_seconds_total{job="node", instance="ai:9464", cpu="0", mode="${mode}"}`
/** One processor of which each mode takes so many seconds of every minute. */
const spent = (modes: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(modes).map(([mode, values]) => [processor(mode), values]))

const busyLook = [
  '`top` (press 1 for each processor), `ps -eo pid,pcpu,etime,cmd --sort -pcpu | head`: who takes the time.',
  'Page Models of the console: a model that runs on processors because it does not fit into video memory.',
]

const busy: AlertRule = {
  alert: 'NodeCPUHighUsage',
  expr: `instance:node_cpu_utilisation:rate5m{job="node"} > ${cpu.busy}`,
  for: '15m',
  severity: 'info',
  component: 'host',
  summary: `Processors ${onHost} are busy`,
  description: `{{ $value | humanizePercentage }} of the processor time ${onHost} is used; more than ${share(cpu.busy)} for 15 minutes.`,
  board: 'host',
  runbook: {
    means: 'Not wrong by itself: a machine may work. Answers of models and of the database become slower.',
    look: busyLook,
    causes: ['A model that runs on processors; an import, a build, a backup.'],
    mend: ['Nothing, if it is meant to be. Else stop the program, or lower its priority with `renice`.'],
  },
  proof: {
    series: spent({ idle: counter([9, 40], [1, 60], [50, 60]), user: counter([51, 40], [59, 60], [10, 60]) }),
    quiet: 39,
    fires: 80,
    resolves: 130,
  },
}

const stolen: AlertRule = {
  alert: 'NodeCPUStolen',
  expr: `instance:node_cpu_steal:rate5m{job="node"} > ${cpu.stealing}`,
  for: '15m',
  severity: 'warning',
  component: 'host',
  summary: `The hypervisor keeps processors from ${onHost.slice(3)}`,
  description: `{{ $value | humanizePercentage }} of the time ${onHost} is taken by other virtual machines; more than ${share(cpu.stealing)} for 15 minutes.`,
  board: 'host',
  runbook: {
    means: 'The machine is virtual and its host is overbooked: everything is slower than the load explains.',
    look: ['`vmstat 5`, column st.', 'The monitoring of the hypervisor, if you may see it.'],
    causes: ['Neighbours on the same host; a burstable instance that has used up its credit.'],
    mend: ['Move the machine, book dedicated processors, or ask the provider.'],
  },
  proof: {
    series: spent({ idle: counter([57, 40], [40, 60], [60, 60]), steal: counter([3, 40], [20, 60], [0, 60]) }),
    quiet: 39,
    fires: 80,
    resolves: 130,
  },
}

const waiting: AlertRule = {
  alert: 'NodeCPUWaitsForDisk',
  expr: `instance:node_cpu_iowait:rate5m{job="node"} > ${cpu.waiting}`,
  for: '30m',
  severity: 'warning',
  component: 'host',
  summary: `Processors ${onHost} wait for disks`,
  description: `{{ $value | humanizePercentage }} of the processor time ${onHost} is spent waiting for disks; more than ${share(cpu.waiting)} for 30 minutes.`,
  board: 'host',
  runbook: {
    means: 'Programs stand still until a disk answers; loading models and queries of the database are slow.',
    look: ['`iostat -x 5`: which disk; `pidstat -d 5`: which program.'],
    causes: ['Swapping; models loaded again and again; a slow or failing disk.'],
    mend: ['See NodeDiskIOSaturation; if it swaps, see NodeMemoryHighUtilization.'],
  },
  proof: {
    series: spent({ idle: counter([50, 60], [30, 60], [60, 60]), iowait: counter([10, 60], [30, 60], [0, 60]) }),
    quiet: 55,
    fires: 110,
    resolves: 150,
  },
}

const saturated: AlertRule = {
  alert: 'NodeSystemSaturation',
  expr: `instance:node_load1_per_cpu:ratio{job="node"} > ${cpu.loadPerCore}`,
  for: '15m',
  severity: 'warning',
  component: 'host',
  summary: `More wants to run ${onHost} than can`,
  description: `The load per processor ${onHost} is {{ printf "%.2f" $value }}; more than ${cpu.loadPerCore} for 15 minutes.`,
  board: 'host',
  runbook: {
    means: 'Work queues up for processors or disks; everything becomes slow, remote logins too.',
    look: [...busyLook, '`ps -eo state,pid,cmd | grep "^[RD]"`: R waits for a processor, D for a disk.'],
    causes: ['More parallel requests than processors; a disk or network share that hangs.'],
    mend: ['Lower `OLLAMA_NUM_PARALLEL`, stop what is not needed; for D states look at the disk first.'],
  },
  proof: {
    series: { [`node_load1${host}`]: phases([1.9, 30], [2.5, 40], [0.5, 30]), [processor('idle')]: always(0) },
    quiet: 29,
    fires: 60,
    resolves: 80,
  },
}

const open: AlertRule = {
  alert: 'NodeFileDescriptorLimit',
  expr: `node_filefd_allocated{job="node"} / node_filefd_maximum{job="node"} > ${files.critical}`,
  for: '15m',
  severity: 'critical',
  component: 'host',
  summary: `The kernel ${onHost} soon opens no more files`,
  description: `{{ $value | humanizePercentage }} of all file descriptors ${onHost} are in use; more than ${share(files.critical)} for 15 minutes.`,
  board: 'host',
  runbook: {
    means: 'Soon no program can open a file or a connection.',
    look: ['`for p in /proc/[0-9]*; do echo $(ls $p/fd | wc -l) $p; done | sort -n | tail`: who holds them.'],
    causes: ['A leak; `fs.file-max` set too low.'],
    mend: ['Restart the program that leaks; raise `sysctl fs.file-max`.'],
  },
  proof: {
    series: {
      [`node_filefd_allocated${host}`]: phases([85, 30], [95, 30], [10, 30]),
      [`node_filefd_maximum${host}`]: always(100),
    },
    quiet: 29,
    fires: 55,
    resolves: 70,
  },
}

/** What is recorded and told about processors and open files. */
export const hostSystem: RuleGroup = {
  name: 'host-system',
  title: 'Host: processors',
  recording: [
    {
      record: 'instance:node_num_cpu:sum',
      expr: 'count by (instance, job) (node_cpu_seconds_total{job="node", mode="idle"})',
    },
    {
      record: 'instance:node_cpu_utilisation:rate5m',
      expr: '1 - avg without (cpu) (sum without (mode) (rate(node_cpu_seconds_total{job="node", mode=~"idle|iowait|steal"}[5m])))',
    },
    {
      record: 'instance:node_cpu_steal:rate5m',
      expr: 'avg without (cpu, mode) (rate(node_cpu_seconds_total{job="node", mode="steal"}[5m]))',
    },
    {
      record: 'instance:node_cpu_iowait:rate5m',
      expr: 'avg without (cpu, mode) (rate(node_cpu_seconds_total{job="node", mode="iowait"}[5m]))',
    },
    {
      record: 'instance:node_load1_per_cpu:ratio',
      expr: 'node_load1{job="node"} / instance:node_num_cpu:sum{job="node"}',
    },
  ],
  alerts: [busy, stolen, waiting, saturated, open],
}
