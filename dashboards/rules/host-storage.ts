import { limits } from '../limits.ts'
import { always, counter, phases, type Phase } from '../lib/proof.ts'
import type { AlertRule, RuleGroup, Runbook } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { filesystem, disk } = limits
const real = 'job="node", fstype!=""'
const left = `node_filesystem_avail_bytes{${real}} / node_filesystem_size_bytes{${real}}`
const inodes = `node_filesystem_files_free{${real}} / (node_filesystem_files{${real}} > 0)`
const writable = `node_filesystem_readonly{${real}} == 0`
const where = '{{ $labels.mountpoint }} on {{ $labels.instance }}'

const at = '{job="node", instance="ai:9464", device="/dev/sda1", mountpoint="/", fstype="ext4"}'
type History = Readonly<Record<string, string>>

/** A file system of 1,000 bytes and 1,000 inodes; so many of one are free in each phase. */
const filled = (what: 'avail_bytes' | 'files_free', free: string): History => ({
  [`node_filesystem_size_bytes${at}`]: always(1000),
  [`node_filesystem_files${at}`]: always(1000),
  [`node_filesystem_${what}${at}`]: free,
  [`node_filesystem_readonly${at}`]: always(0),
})
const space = (...free: readonly Phase[]): History => filled('avail_bytes', phases(...free))
const files = (...free: readonly Phase[]): History => filled('files_free', phases(...free))

const full: Runbook = {
  means:
    'A full file system stops databases, downloads of models and logs at once; PostgreSQL shuts down when it cannot write its log.',
  look: [
    '`df -h MOUNTPOINT`: how much is left; `du -xh --max-depth=2 MOUNTPOINT | sort -h | tail -20`: what takes it.',
    '`lsof +L1`: deleted files that a program still holds open.',
  ],
  causes: [
    'Models: `/usr/share/ollama/.ollama/models` or `~/.ollama/models` grows with every `ollama pull`.',
    'Logs, core dumps, container images, a database that grows.',
  ],
  mend: [
    'Remove models that nobody uses: `ollama list`, `ollama rm NAME`.',
    'Shorten logs with `journalctl --vacuum-size=1G`, prune images with `docker system prune`.',
    'Grow the file system, or move `OLLAMA_MODELS` to a larger disk.',
  ],
}

const many: Runbook = {
  means: 'Without free inodes no file can be created, however much space is left.',
  look: [
    '`df -i MOUNTPOINT`; `du --inodes -x --max-depth=2 MOUNTPOINT | sort -n | tail -20`: which folder holds the many files.',
  ],
  causes: ['A cache or a mail queue with millions of small files; sessions that are never cleaned.'],
  mend: ['Delete what is not needed; recreate the file system with more inodes if it is by design.'],
}

/** One rule for `warning` and one for `critical` of the same thing. */
const almost = (
  alert: string,
  severity: 'warning' | 'critical',
  [expr, limit]: readonly [string, number],
  [summary, unit]: readonly [string, string],
  [runbook, history]: readonly [Runbook, (...free: readonly Phase[]) => History],
): AlertRule => ({
  alert,
  expr: `${expr} < ${limit} and ${writable}`,
  for: '30m',
  severity,
  component: 'host',
  summary: `${where} ${summary}`,
  description: `Only {{ $value | humanizePercentage }} of the ${unit} of {{ $labels.mountpoint }} ({{ $labels.device }}) are free; the limit is ${share(limit)}.`,
  board: 'host',
  runbook,
  proof: {
    series: history([limit * 1000 + 5, 60], [limit * 1000 - 5, 60], [300, 60]),
    quiet: 55,
    fires: 100,
    resolves: 130,
    labels: { mountpoint: '/' },
  },
})

const filling = (
  alert: string,
  severity: 'warning' | 'critical',
  { below, hours, lasting }: { below: number; hours: number; lasting: string },
): AlertRule => ({
  alert,
  expr: `${left} < ${below} and predict_linear(node_filesystem_avail_bytes{${real}}[6h], ${hours} * 3600) < 0 and ${writable}`,
  for: lasting,
  severity,
  component: 'host',
  summary: `${where} will be full within ${hours} hours`,
  description: `{{ $value | humanizePercentage }} of {{ $labels.mountpoint }} ({{ $labels.device }}) are free; at the pace of the last six hours nothing is left in ${hours} hours.`,
  board: 'host',
  runbook: {
    ...full,
    means: `At the pace of the last six hours the file system is full in ${hours} hours. ${full.means}`,
  },
  proof: {
    // Steady below the limit; then a loss of 0.5 a minute; then some is freed and it stays.
    series: filled('avail_bytes', `${below * 1000 - 10}+0x419 ${below * 1000 - 10}-0.5x359 600+0x500`),
    quiet: 400,
    fires: 775,
    resolves: 1200,
    labels: { mountpoint: '/' },
  },
})

const gone: AlertRule = {
  alert: 'NodeFilesystemReadOnly',
  expr: `node_filesystem_readonly{${real}} == 1 and on (instance, device, mountpoint) node_filesystem_readonly{${real}} offset 1h == 0`,
  for: '1m',
  severity: 'critical',
  component: 'host',
  summary: `${where} has become read-only`,
  description:
    'The kernel has made {{ $labels.mountpoint }} ({{ $labels.device }}) read-only (value {{ $value }}); an hour ago it was not.',
  board: 'host',
  runbook: {
    means: 'The kernel stopped writing after an error of the disk or the file system, to save what is there.',
    look: [
      '`dmesg -T | grep -iE "error|remount|I/O"`: what the kernel saw first.',
      '`smartctl -a DEVICE`: whether the disk is dying.',
    ],
    causes: ['A failing disk or cable; a damaged file system; a volume that was taken away.'],
    mend: ['Save the data first. Then `fsck` from a rescue system, replace the disk, restore from a backup.'],
  },
  proof: {
    series: { [`node_filesystem_readonly${at}`]: phases([0, 90], [1, 30], [0, 60]) },
    quiet: 80,
    fires: 100,
    resolves: 140,
    labels: { mountpoint: '/' },
  },
}

const unreadable: AlertRule = {
  alert: 'NodeFilesystemUnreadable',
  expr: 'node_filesystem_device_error{job="node"} == 1',
  for: '5m',
  severity: 'warning',
  component: 'host',
  summary: `${where} cannot be read`,
  description:
    'Asking {{ $labels.mountpoint }} ({{ $labels.device }}) for its size fails or hangs (value {{ $value }}).',
  board: 'host',
  runbook: {
    means: 'The file system does not answer. Programs that touch it may hang for ever.',
    look: [
      '`mount | grep MOUNTPOINT`, `timeout 5 stat MOUNTPOINT`: does it hang.',
      '`ps -eo pid,stat,wchan:30,cmd | grep " D"`: who is stuck.',
    ],
    causes: ['A network share or FUSE file system whose server is gone; missing rights of the exporter.'],
    mend: [
      'Bring the server back, or unmount with `umount -l MOUNTPOINT`.',
      'If only rights are missing, run Aura as a user that may look there.',
    ],
  },
  proof: {
    series: { [`node_filesystem_device_error${at}`]: phases([0, 10], [1, 4], [0, 10], [1, 20], [0, 20]) },
    quiet: 14,
    fires: 40,
    resolves: 50,
  },
}

const disks = '{job="node", instance="ai:9464", device="nvme0n1"}'
const saturated: AlertRule = {
  alert: 'NodeDiskIOSaturation',
  expr: `instance_device:node_disk_io_time_weighted_seconds:rate5m{job="node"} > ${disk.queue}`,
  for: '30m',
  severity: 'warning',
  component: 'host',
  summary: 'Disk {{ $labels.device }} on {{ $labels.instance }} cannot keep up',
  description: `On average {{ printf "%.1f" $value }} requests wait for {{ $labels.device }}; more than ${disk.queue} for 30 minutes.`,
  board: 'host',
  runbook: {
    means: 'Everything that reads or writes this disk is slow: loading a model, the database, swapping.',
    look: ['`iostat -x 5`: which disk, reads or writes.', '`iotop -oPa` or `pidstat -d 5`: which program.'],
    causes: ['Models loaded again and again (see OllamaModelThrash); swapping; a backup; a slow or failing disk.'],
    mend: ['Stop or slow down the program; put models on an NVMe disk; give the machine more memory.'],
  },
  proof: {
    series: { [`node_disk_io_time_weighted_seconds_total${disks}`]: counter([300, 40], [1200, 60], [60, 60]) },
    quiet: 39,
    fires: 95,
    resolves: 150,
    labels: { device: 'nvme0n1' },
  },
}

/** What is recorded and told about file systems and disks of the machine. */
export const hostStorage: RuleGroup = {
  name: 'host-storage',
  title: 'Host: file systems and disks',
  recording: [
    { record: 'instance_mountpoint:node_filesystem_avail:ratio', expr: `${left} and ${writable}` },
    {
      record: 'instance_device:node_disk_io_time_seconds:rate5m',
      expr: 'rate(node_disk_io_time_seconds_total{job="node", device!=""}[5m])',
    },
    {
      record: 'instance_device:node_disk_io_time_weighted_seconds:rate5m',
      expr: 'rate(node_disk_io_time_weighted_seconds_total{job="node", device!=""}[5m])',
    },
  ],
  alerts: [
    filling('NodeFilesystemSpaceFillingUp', 'warning', { below: filesystem.filling, hours: 24, lasting: '1h' }),
    filling('NodeFilesystemSpaceFillingUpFast', 'critical', { below: filesystem.fillingFast, hours: 4, lasting: '1h' }),
    almost(
      'NodeFilesystemAlmostOutOfSpace',
      'warning',
      [left, filesystem.warning],
      ['is almost full', 'space'],
      [full, space],
    ),
    almost(
      'NodeFilesystemOutOfSpace',
      'critical',
      [left, filesystem.critical],
      ['has no space left', 'space'],
      [full, space],
    ),
    almost(
      'NodeFilesystemAlmostOutOfFiles',
      'warning',
      [inodes, filesystem.inodesWarning],
      ['is almost out of inodes', 'inodes'],
      [many, files],
    ),
    almost(
      'NodeFilesystemOutOfFiles',
      'critical',
      [inodes, filesystem.inodesCritical],
      ['has no inodes left', 'inodes'],
      [many, files],
    ),
    gone,
    unreadable,
    saturated,
  ],
}
