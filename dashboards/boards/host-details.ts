import { limits } from '../limits.ts'
import { bars, more, states, time } from '../lib/panel.ts'
import { colour } from '../lib/colours.ts'
import { increase, query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { cpu, memory, filesystem, network, files, clock } = limits
const share = { unit: unit.share, min: 0, max: 1 } as const
const real = 'fstype!~"tmpfs|ramfs|overlay|squashfs"'
const left = (free: string, size: string): string => `1 - ${series(free, real)} / (${series(size, real)} > 0)`
const ports = 'device!="lo"'
const faults = (direction: string, what: string): string =>
  ratio(rate(`node_network_${direction}_${what}_total`, ports), rate(`node_network_${direction}_packets_total`, ports))

const filesystems = more('File systems', [
  bars({
    title: 'Space by file system',
    ...share,
    threshold: { look: 1 - filesystem.fillingFast, bad: 1 - filesystem.warning },
    queries: [query('{{instance}} {{mountpoint}}', left('node_filesystem_avail_bytes', 'node_filesystem_size_bytes'))],
    shows: 'Share of each file system in use, what is reserved for root included.',
    normal: 'Below 80 %.',
    act: 'Remove models nobody uses (`ollama list`), shorten the retention of Prometheus, or give it a larger disk.',
  }),
  bars({
    title: 'Files by file system',
    ...share,
    threshold: { look: 1 - filesystem.fillingFast, bad: 1 - filesystem.inodesWarning },
    queries: [query('{{instance}} {{mountpoint}}', left('node_filesystem_files_free', 'node_filesystem_files'))],
    empty: 'these file systems have no limit of files',
    shows: 'Share of the files (inodes) that a file system can hold.',
    normal: 'Below 50 %.',
    act: 'Find folders with very many small files: `du --inodes -xd 3 / | sort -n | tail`.',
  }),
  time({
    title: 'Room left',
    unit: unit.bytes,
    min: 0,
    w: 24,
    queries: [query('{{instance}} {{mountpoint}}', series('node_filesystem_avail_bytes', real))],
    shows: 'Bytes that programs may still write.',
    normal: 'Falls slowly, or in steps of models.',
    act: 'A steep and steady fall: find the writer with `lsof +L1` and `iotop -ao` before it reaches 0.',
  }),
])

const details = more('Processors and memory in detail', [
  time({
    title: 'Load',
    unit: unit.none,
    min: 0,
    queries: [
      query('{{instance}} 1 min', series('node_load1')),
      query('{{instance}} 15 min', series('node_load15')),
      query('{{instance}} processors', `count by (instance) (${series('node_cpu_seconds_total', 'mode="idle"')})`),
    ],
    shows: 'Tasks that run, want to run, or wait for a disk, beside the number of processors.',
    normal: `Below the number of processors; the alert comes at ${cpu.loadPerCore} for each.`,
    act: '`ps -eo state,pid,cmd | grep "^[RD]"`.',
  }),
  time({
    title: 'Page faults from disk',
    unit: unit.perSecond,
    min: 0,
    threshold: { look: memory.majorFaultsPerSecond },
    queries: [query('{{instance}}', rate('node_vmstat_pgmajfault'))],
    shows: 'Memory pages that had to be read from disk first.',
    normal: 'Near 0; many for seconds while a model is mapped.',
    act: 'If it lasts, memory is too small for what runs: unload a model.',
  }),
  time({
    title: 'Swap used',
    ...share,
    threshold: { look: memory.swapUsed },
    queries: [
      query(
        '{{instance}}',
        `1 - ${series('node_memory_SwapFree_bytes')} / (${series('node_memory_SwapTotal_bytes')} > 0)`,
      ),
    ],
    empty: 'no swap',
    shows: 'Share of the swap space in use.',
    normal: 'Little, and steady.',
    act: 'Growing together with page faults: memory is too small.',
  }),
  time({
    title: 'Switches and interrupts',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{instance}} context switches', rate('node_context_switches_total')),
      query('{{instance}} interrupts', rate('node_intr_total')),
      query('{{instance}} new processes', rate('node_forks_total')),
    ],
    shows: 'How restless the machine is.',
    normal: 'Thousands a second, following the load.',
    act: 'Many new processes: something is restarted in a loop.',
  }),
])

const net = more('Network in detail', [
  time({
    title: 'Faulty packets',
    ...share,
    threshold: { look: network.errors },
    queries: [
      query('{{instance}} {{device}} received in error', faults('receive', 'errs')),
      query('{{instance}} {{device}} received and dropped', faults('receive', 'drop')),
      query('{{instance}} {{device}} sent in error', faults('transmit', 'errs')),
      query('{{instance}} {{device}} not sent', faults('transmit', 'drop')),
    ],
    empty: 'no packets',
    shows: 'Share of packets that were lost at a network card.',
    normal: '0.',
    act: 'Cable, port, driver; drops alone: buffers too small or a program too slow.',
  }),
  time({
    title: 'TCP connections',
    unit: unit.count,
    min: 0,
    queries: [
      query('{{instance}} established', series('node_netstat_Tcp_CurrEstab')),
      query('{{instance}} closing (time wait)', series('node_sockstat_TCP_tw')),
    ],
    shows: 'Connections open, and those that are being wound up.',
    normal: 'Follows the number of clients.',
    act: "Growing without end: a client that does not close; `ss -tnp | awk '{print $5}' | sort | uniq -c`.",
  }),
  time({
    title: 'Segments sent again',
    ...share,
    queries: [query('{{instance}}', ratio(rate('node_netstat_Tcp_RetransSegs'), rate('node_netstat_Tcp_OutSegs')))],
    empty: 'nothing was sent',
    shows: 'Share of TCP segments that had to be sent a second time.',
    normal: 'Below 1 %.',
    act: 'A bad line or a full buffer between here and the clients.',
  }),
  time({
    title: 'Connection tracking',
    ...share,
    threshold: { look: network.conntrack },
    queries: [
      query(
        '{{instance}}',
        `${series('node_nf_conntrack_entries')} / (${series('node_nf_conntrack_entries_limit')} > 0)`,
      ),
    ],
    empty: 'no connection tracking',
    shows: 'How full the table of the firewall is.',
    normal: 'Below 50 %.',
    act: 'Raise `net.netfilter.nf_conntrack_max`; find who opens so many connections.',
  }),
])

const upkeep = more('Clock, files, heat', [
  time({
    title: 'Clock offset',
    unit: unit.seconds,
    threshold: { look: clock.offset },
    queries: [query('{{instance}}', series('node_timex_offset_seconds'))],
    empty: 'not readable here',
    shows: 'How far the clock is off, as the kernel believes.',
    normal: 'Within a few milliseconds of 0.',
    act: '`chronyc tracking`, `timedatectl`.',
  }),
  states({
    title: 'Clock kept in step',
    unit: unit.none,
    h: 9,
    words: { 0: ['free running', colour.look], 1: ['in step', colour.good] },
    queries: [query('{{instance}}', series('node_timex_sync_status'))],
    empty: 'not readable here',
    shows: 'Whether a time service keeps the clock in step.',
    normal: 'In step; virtual machines without a time service run free.',
    act: 'Start chrony or systemd-timesyncd: tokens, certificates and graphs depend on it.',
  }),
  time({
    title: 'Open files',
    ...share,
    decimals: 1,
    threshold: { look: files.warning, bad: files.critical },
    queries: [query('{{instance}}', `${series('node_filefd_allocated')} / ${series('node_filefd_maximum')}`)],
    shows: 'File descriptors in use, of those the kernel gives out.',
    normal: 'Near 0.',
    act: 'Restart the program that leaks them; raise `fs.file-max`.',
  }),
  time({
    title: 'Temperatures',
    unit: unit.celsius,
    many: true,
    queries: [query('{{instance}} {{chip}} {{sensor}}', series('node_hwmon_temp_celsius'))],
    empty: 'no sensors (virtual machine?)',
    shows: 'Sensors of processors, board and disks.',
    normal: 'Below 80 °C.',
    act: 'Fans, dust, room; a card that blows at the processors.',
  }),
  time({
    title: 'Collectors that fail',
    unit: unit.count,
    min: 0,
    decimals: 0,
    threshold: { look: 1 },
    queries: [
      query(
        '{{instance}}',
        `count by (instance) (${series('node_scrape_collector_success')} == 0) or 0 * count by (instance) (${series('node_scrape_collector_success')})`,
      ),
    ],
    shows: 'Parts of the host exporter that could not read their source.',
    normal: 'A steady number: sources that this machine does not have.',
    act: 'Table Collectors on board Prometheus names them; the log of Aura says why.',
  }),
  time({
    title: 'Services that fail or restart',
    unit: unit.count,
    min: 0,
    bars: true,
    queries: [
      query('{{instance}} {{name}} failed', `${series('node_systemd_unit_state', 'state="failed"')} == 1`),
      query('{{instance}} {{name}} restarted', `${increase('node_systemd_service_restart_total')} > 0`),
    ],
    empty: 'none failed',
    shows: 'Units of systemd in state failed, and services that were restarted.',
    normal: 'Nothing.',
    act: '`systemctl --failed`, `journalctl -u NAME -e`.',
  }),
])

/** Rows of the host board that start out closed. */
export const hostDetails = [filesystems, details, net, upkeep]
