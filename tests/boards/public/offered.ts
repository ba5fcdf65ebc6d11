import { existsSync, globSync, readFileSync } from 'node:fs'

const text = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
const some = (pattern: string): boolean => globSync(pattern).length > 0

/** `node_netstat_TcpExt_ListenDrops`: a column of the table that this group has. */
function hasField(path: string, group: string, field: string): boolean {
  const heading = text(path)
    .split('\n')
    .find((line) => line.startsWith(`${group}:`))
  return heading?.split(' ').includes(field) === true
}

/** File of a hwmon chip, in either of the two places that kernels put it. */
const sensor = (file: string): boolean =>
  some(`/sys/class/hwmon/hwmon*/${file}`) || some(`/sys/class/hwmon/hwmon*/device/${file}`)

const hwmon: Readonly<Record<string, string>> = {
  chip_names: 'name',
  fan_rpm: 'fan*_input',
  fan_min_rpm: 'fan*_min',
  temp_celsius: 'temp*_input',
  temp_max_celsius: 'temp*_max',
  temp_crit_celsius: 'temp*_crit',
  temp_crit_hyst_celsius: 'temp*_crit_hyst',
  temp_crit_alarm_celsius: 'temp*_crit_alarm',
}

/** `Active_anon` of the metric is `Active(anon)` of the kernel. */
const memory = (name: string): boolean =>
  text('/proc/meminfo')
    .split('\n')
    .some((line) => line.replace(/:.*/, '').replaceAll(/[()]/g, '_').replace(/_$/, '') === name)

/** Numbers of a line of /proc/diskstats about a real disk: 14 at least, 18 with discards, 20 with flushes. */
const diskFields = (): number =>
  Math.max(
    0,
    ...text('/proc/diskstats')
      .split('\n')
      .filter((line) => !/ (?:ram|loop|fd)\d+ /.test(line))
      .map((line) => (line.trim() === '' ? 0 : line.trim().split(/ +/).length)),
  )

/** What names need, by their beginning; the rest of the name goes into the question. */
const needs: readonly (readonly [beginning: string, offered: (rest: string) => boolean])[] = [
  ['node_arp_entries', () => text('/proc/net/arp').trim().split('\n').length > 1],
  ['node_cooling_device_', () => some('/sys/class/thermal/cooling_device*')],
  ['node_cpu_scaling_frequency_', () => some('/sys/devices/system/cpu/cpu*/cpufreq')],
  ['node_disk_discard', () => diskFields() >= 18],
  ['node_disk_flush', () => diskFields() >= 20],
  ['node_disk_', () => diskFields() >= 14],
  ['node_hwmon_', (rest) => sensor(hwmon[rest] ?? rest)],
  ['node_kernel_hung_tasks', () => existsSync('/proc/sys/kernel/hung_task_detect_count')],
  ['node_memory_', (rest) => memory(rest.replace(/_bytes$/, ''))],
  ['node_netstat_Tcp_', (rest) => hasField('/proc/net/snmp', 'Tcp', rest)],
  ['node_netstat_TcpExt_', (rest) => hasField('/proc/net/netstat', 'TcpExt', rest)],
  ['node_nf_conntrack_', () => existsSync('/proc/sys/net/netfilter/nf_conntrack_count')],
  ['node_power_supply_', () => some('/sys/class/power_supply/*/online')],
  ['node_pressure_irq_', () => existsSync('/proc/pressure/irq')],
  ['node_pressure_', () => existsSync('/proc/pressure')],
  ['node_schedstat_', () => existsSync('/proc/schedstat')],
  ['node_systemd_', () => existsSync('/run/systemd/system')],
]

/** Whether the kernel and the hardware under the test have what this metric is about. What is not named above, every Linux has. */
export function offeredHere(name: string): boolean {
  const need = needs.find(([beginning]) => name.startsWith(beginning))
  return need === undefined || need[1](name.slice(need[0].length))
}
