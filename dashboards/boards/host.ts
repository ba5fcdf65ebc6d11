import { limits } from '../limits.ts'
import type { Board } from '../lib/board.ts'
import { row, stat, time } from '../lib/panel.ts'
import { query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { hostDetails } from './host-details.ts'

const { cpu, memory, filesystem, disk } = limits
const real = 'fstype!~"tmpfs|ramfs|overlay|squashfs"'
const share = { unit: unit.share, min: 0, max: 1 } as const

const used = `1 - ${series('node_memory_MemAvailable_bytes')} / ${series('node_memory_MemTotal_bytes')}`
const busy = `1 - avg by (instance) (${rate('node_cpu_seconds_total', 'mode="idle"')})`
/** Averages over the instances, so that the parts of a stack add up to one. */
const mode = (name: string, pattern: string) =>
  query(
    name,
    `sum(${rate('node_cpu_seconds_total', `mode=~"${pattern}"`)}) / count(${series('node_cpu_seconds_total', 'mode="idle"')})`,
  )
const bytes = (names: readonly string[], sign: string): string =>
  names.map((each) => `sum(${series(`node_memory_${each}_bytes`)})`).join(` ${sign} `)
const caches = ['Buffers', 'Cached', 'SReclaimable']

const glance = row('At a glance', [
  stat({
    title: 'Processors busy',
    ...share,
    threshold: { look: cpu.busy },
    queries: [query('{{instance}}', busy)],
    shows: 'Share of the time in which processors did anything.',
    normal: 'Anything; near 100 % while a model runs on processors.',
    act: 'If answers are slow as well, see Processor time below: iowait points at disks, steal at the hypervisor.',
  }),
  stat({
    title: 'Load per processor',
    unit: unit.none,
    decimals: 2,
    min: 0,
    threshold: { look: 1, bad: cpu.loadPerCore },
    queries: [
      query(
        '{{instance}}',
        `${series('node_load1')} / on (job, instance) count by (job, instance) (${series('node_cpu_seconds_total', 'mode="idle"')})`,
      ),
    ],
    shows: 'How many tasks want to run or wait for a disk, for each processor.',
    normal: 'Below 1.',
    act: 'Look for what runs in parallel (`top`), and at Waiting for resources.',
  }),
  stat({
    title: 'Memory used',
    ...share,
    threshold: { look: 0.8, bad: memory.used },
    queries: [query('{{instance}}', used)],
    shows: 'Share of main memory that could not be given to a program at once; caches do not count.',
    normal: 'Steady, below 80 %.',
    act: 'See Memory below; a model that spilled from the card may be the cause (board Ollama).',
  }),
  stat({
    title: 'Fullest disk',
    ...share,
    threshold: { look: 1 - filesystem.fillingFast, bad: 1 - filesystem.warning },
    queries: [
      query(
        '{{instance}}',
        `max by (instance) (1 - ${series('node_filesystem_avail_bytes', real)} / ${series('node_filesystem_size_bytes', real)})`,
      ),
    ],
    shows: 'Share in use of the file system with the least room.',
    normal: 'Below 80 %.',
    act: 'Space by file system below names it; models and Prometheus take most (`du -xh --max-depth 2`).',
  }),
  stat({
    title: 'Up since',
    unit: unit.duration,
    queries: [query('{{instance}}', `${series('node_time_seconds')} - ${series('node_boot_time_seconds')}`)],
    shows: 'Time since the machine was started.',
    normal: 'Days to months.',
    act: 'If it restarted by itself: `journalctl -b -1 -e`, and the power supply.',
  }),
  stat({
    title: 'Killed for memory',
    unit: unit.count,
    decimals: 0,
    threshold: { bad: 1 },
    queries: [query('{{instance}}', `increase(${series('node_vmstat_oom_kill')}[$__range])`)],
    shows: 'Programs that the kernel ended for lack of memory, within the time shown.',
    normal: '0.',
    act: '`journalctl -k | grep -i "out of memory"` names the victim; use smaller models or fewer at once.',
  }),
])

const processors = row('Processors and memory', [
  time({
    title: 'Processor time',
    ...share,
    stack: true,
    queries: [
      mode('user', 'user|nice'),
      mode('system', 'system|irq|softirq'),
      mode('waits for disk', 'iowait'),
      mode('taken by hypervisor', 'steal'),
    ],
    threshold: { look: cpu.busy },
    shows: 'What processors spend their time with; the rest up to 100 % is idle.',
    normal: 'Mostly user. Waiting for disks only while models are loaded.',
    act: 'Much system: network or many small requests. Much waiting: see Disk busy. Steal: move the virtual machine.',
  }),
  time({
    title: 'Memory',
    unit: unit.bytes,
    min: 0,
    stack: true,
    queries: [
      query('programs', bytes(['MemTotal', 'MemFree', ...caches], '-')),
      query('caches', bytes(caches, '+')),
      query('free', bytes(['MemFree'], '+')),
    ],
    shows: 'Where main memory is. Caches are given back as soon as programs need memory.',
    normal: 'Programs steady; caches take what is left.',
    act: 'Programs that only grow leak: `ps --sort -rss -eo pid,rss,cmd | head`.',
  }),
  time({
    title: 'Waiting for resources',
    ...share,
    threshold: { look: memory.stalled },
    queries: [
      query('{{instance}} processor', rate('node_pressure_cpu_waiting_seconds_total')),
      query('{{instance}} memory, all stand still', rate('node_pressure_memory_stalled_seconds_total')),
      query('{{instance}} disk, all stand still', rate('node_pressure_io_stalled_seconds_total')),
    ],
    empty: 'the kernel has no PSI',
    shows: 'Share of the time in which tasks could not go on for lack of something (PSI of the kernel).',
    normal: 'Near 0; processors may go higher under load.',
    act: 'Memory: the machine is about to thrash, end something. Disk: see Disk busy.',
  }),
  time({
    title: 'Network',
    unit: unit.bytesPerSecond,
    queries: [
      query(
        '{{instance}} {{device}} in',
        rate('node_network_receive_bytes_total', 'device!~"lo|veth.*|br-.*|docker.*"'),
      ),
      query(
        '{{instance}} {{device}} out',
        rate('node_network_transmit_bytes_total', 'device!~"lo|veth.*|br-.*|docker.*"'),
      ),
    ],
    shows: 'Bytes through the network cards, without loopback and containers.',
    normal: 'A few MB/s; much while a model is pulled.',
    act: 'More than expected: `ss -tnp`, `nethogs`.',
  }),
])

const storage = row('Disks', [
  time({
    title: 'Disk busy',
    ...share,
    queries: [query('{{instance}} {{device}}', rate('node_disk_io_time_seconds_total'))],
    threshold: { look: 0.9 },
    shows: 'Share of the time in which a disk had something to do. Of flash, 100 % need not be its limit.',
    normal: 'Low, with peaks while models are loaded.',
    act: 'Lasting peaks: `iostat -x 5`, `pidstat -d 5`; models loaded again and again are on board Ollama.',
  }),
  time({
    title: 'Disk queue',
    unit: unit.none,
    min: 0,
    threshold: { bad: disk.queue },
    queries: [query('{{instance}} {{device}}', rate('node_disk_io_time_weighted_seconds_total'))],
    shows: 'Requests that wait for a disk or are being served, on average.',
    normal: 'Below 1; below 10 under load.',
    act: 'As under NodeDiskIOSaturation in the runbook.',
  }),
  time({
    title: 'Disk latency',
    unit: unit.seconds,
    min: 0,
    queries: [
      query(
        '{{instance}} {{device}} read',
        ratio(rate('node_disk_read_time_seconds_total'), rate('node_disk_reads_completed_total')),
      ),
      query(
        '{{instance}} {{device}} write',
        ratio(rate('node_disk_write_time_seconds_total'), rate('node_disk_writes_completed_total')),
      ),
    ],
    empty: 'nothing was read or written',
    shows: 'Average time of a read and of a write, waiting included.',
    normal: 'Below 1 ms on flash, below 20 ms on spinning disks.',
    act: 'If it rises without more load, check the disk: `smartctl -a`.',
  }),
  time({
    title: 'Disk throughput',
    unit: unit.bytesPerSecond,
    queries: [
      query('{{instance}} {{device}} read', rate('node_disk_read_bytes_total')),
      query('{{instance}} {{device}} write', rate('node_disk_written_bytes_total')),
    ],
    shows: 'Bytes read and written.',
    normal: 'Reads of hundreds of MB/s while a model is loaded, else little.',
    act: 'Unexpected writes: `iotop -ao`.',
  }),
])

/** One machine: processors, memory, disks, network. */
export const host: Board = {
  name: 'host',
  title: 'Host',
  question: 'Does the machine have what the models and the database need?',
  anchor: 'node_uname_info',
  components: ['host'],
  started: 'node_boot_time_seconds',
  version: ['node_uname_info', 'release'],
  rows: [glance, processors, storage, ...hostDetails],
}
