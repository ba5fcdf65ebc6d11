import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const on = '{{ $labels.instance }}'
const labels = (more = ''): string => `{job="node", instance="ai:9464"${more === '' ? '' : `, ${more}`}}`

const hot: AlertRule = {
  alert: 'NodeTemperatureCritical',
  expr: 'node_hwmon_temp_celsius{job="node"} >= node_hwmon_temp_crit_celsius{job="node"} > 0',
  for: '2m',
  severity: 'critical',
  component: 'host',
  summary: `Sensor {{ $labels.sensor }} of ${on} is at its critical temperature`,
  description: '{{ $labels.chip }} {{ $labels.sensor }} measures {{ $value }} °C, what its maker calls critical.',
  board: 'host',
  runbook: {
    means: 'The hardware slows itself down and switches off next, to save itself.',
    look: ['`sensors`; feel for the fans; `dmesg -T | grep -i thermal`.'],
    causes: ['A dead fan, dust, a blocked inlet, a hot room, dried thermal paste.'],
    mend: ['Take load off now: `ollama stop NAME`. Then clean, replace the fan, cool the room.'],
  },
  proof: {
    series: {
      [`node_hwmon_temp_celsius${labels('chip="coretemp", sensor="temp1"')}`]: phases([95, 10], [101, 10], [60, 10]),
      [`node_hwmon_temp_crit_celsius${labels('chip="coretemp", sensor="temp1"')}`]: always(100),
    },
    quiet: 9,
    fires: 15,
    resolves: 25,
    labels: { sensor: 'temp1' },
  },
}

const uncorrected: AlertRule = {
  alert: 'NodeMemoryUncorrectableErrors',
  expr: 'increase(node_edac_uncorrectable_errors_total{job="node"}[1h]) > 0',
  for: '0m',
  severity: 'critical',
  component: 'host',
  summary: `A memory module of ${on} returned wrong data`,
  description:
    '{{ printf "%.0f" $value }} errors within an hour could not be corrected (controller {{ $labels.controller }}).',
  board: 'host',
  runbook: {
    means: 'Data in memory was destroyed; programs and files may be damaged.',
    look: ['`journalctl -k --grep EDAC`: which module.'],
    causes: ['A failing memory module or slot.'],
    mend: ['Stop what must not be damaged, replace the module. Check the database: `pg_amcheck`.'],
  },
  proof: {
    series: { [`node_edac_uncorrectable_errors_total${labels('controller="0"')}`]: phases([3, 70], [4, 100]) },
    quiet: 69,
    fires: 75,
    resolves: 140,
  },
}

const degraded: AlertRule = {
  alert: 'NodeRAIDDegraded',
  expr: 'node_md_disks_required{job="node"} - ignoring (state) node_md_disks{job="node", state="active"} > 0',
  for: '15m',
  severity: 'critical',
  component: 'host',
  summary: `RAID {{ $labels.device }} of ${on} has lost disks`,
  description: '{{ $value }} disks are missing from {{ $labels.device }} for 15 minutes.',
  board: 'host',
  runbook: {
    means: 'The data has less or no protection left: the next failing disk may take it.',
    look: ['`cat /proc/mdstat`; `mdadm --detail /dev/DEVICE`.'],
    causes: ['A failed disk, cable or controller.'],
    mend: ['Make a backup, replace the disk, `mdadm --add /dev/DEVICE /dev/NEW`, watch it rebuild.'],
  },
  proof: {
    series: {
      [`node_md_disks_required${labels('device="md0"')}`]: always(2),
      [`node_md_disks${labels('device="md0", state="active"')}`]: phases([2, 10], [1, 10], [2, 10], [1, 30], [2, 10]),
    },
    quiet: 19,
    fires: 50,
    resolves: 65,
    labels: { device: 'md0' },
  },
}

const unit = (state: string): string =>
  `node_systemd_unit_state${labels(`name="ollama.service", state="${state}", type="simple"`)}`

const service: AlertRule = {
  alert: 'NodeSystemdServiceFailed',
  expr: 'node_systemd_unit_state{job="node", state="failed"} == 1',
  for: '5m',
  severity: 'warning',
  component: 'host',
  summary: `{{ $labels.name }} on ${on} has failed`,
  description: 'systemd has {{ $labels.name }} in state failed for five minutes (value {{ $value }}).',
  board: 'host',
  runbook: {
    means: 'A service has ended and is not started again.',
    look: ['`systemctl status NAME`, `journalctl -u NAME -n 50`.'],
    causes: ['A wrong configuration, a full disk, missing memory; too many restarts in a short time.'],
    mend: ['Mend the cause, then `systemctl reset-failed NAME && systemctl start NAME`.'],
  },
  proof: {
    series: { [unit('failed')]: phases([0, 10], [1, 4], [0, 10], [1, 20], [0, 10]) },
    quiet: 13,
    fires: 35,
    resolves: 50,
  },
}

const crashing: AlertRule = {
  alert: 'NodeSystemdServiceCrashlooping',
  expr: 'increase(node_systemd_service_restart_total{job="node"}[5m]) > 2',
  for: '15m',
  severity: 'warning',
  component: 'host',
  summary: `{{ $labels.name }} on ${on} is started again and again`,
  description: '{{ $labels.name }} was started {{ printf "%.0f" $value }} times within five minutes.',
  board: 'host',
  runbook: {
    means: 'A service ends soon after each start; it is up and down by turns.',
    look: ['`journalctl -u NAME -n 100`: its last words.'],
    causes: ['A wrong configuration, a port that is taken, a damaged file, missing memory.'],
    mend: ['Stop it (`systemctl stop NAME`), mend the cause, start it.'],
  },
  proof: {
    series: {
      [`node_systemd_service_restart_total${labels('name="ollama.service"')}`]: counter([0.3, 20], [1, 40], [0, 20]),
    },
    quiet: 19,
    fires: 55,
    resolves: 75,
  },
}

const textfile: AlertRule = {
  alert: 'NodeTextFileCollectorScrapeError',
  expr: 'node_textfile_scrape_error{job="node"} == 1',
  for: '5m',
  severity: 'warning',
  component: 'host',
  summary: `A text file of metrics on ${on} cannot be read`,
  description: 'A file of the textfile directory is not in the exposition format (value {{ $value }}).',
  board: 'prometheus',
  runbook: {
    means: 'Metrics that a script of yours writes are missing.',
    look: ['The log of Aura names the file; `promtool check metrics < FILE`.'],
    causes: ['A script that writes in place instead of renaming a finished file; a wrong line.'],
    mend: ['Mend the script: write to a temporary name, then `mv`.'],
  },
  proof: {
    series: { [`node_textfile_scrape_error${labels()}`]: phases([0, 10], [1, 20], [0, 10]) },
    quiet: 12,
    fires: 25,
    resolves: 35,
  },
}

const bond: AlertRule = {
  alert: 'NodeBondingDegraded',
  expr: 'node_bonding_slaves{job="node"} - node_bonding_active{job="node"} > 0',
  for: '5m',
  severity: 'warning',
  component: 'host',
  summary: `Bond {{ $labels.master }} of ${on} has lost a link`,
  description: '{{ $value }} links of {{ $labels.master }} are down.',
  board: 'host',
  runbook: {
    means: 'The network still works, with less speed and without a spare.',
    look: ['`cat /proc/net/bonding/MASTER`.'],
    causes: ['A cable, port or switch that failed.'],
    mend: ['Mend the link; nothing else has to be done.'],
  },
  proof: {
    series: {
      [`node_bonding_slaves${labels('master="bond0"')}`]: always(2),
      [`node_bonding_active${labels('master="bond0"')}`]: phases([2, 10], [1, 20], [2, 10]),
    },
    quiet: 12,
    fires: 25,
    resolves: 35,
  },
}

/** What is told about hardware, RAID and services of the operating system. */
export const hostHardware: RuleGroup = {
  name: 'host-hardware',
  title: 'Host: hardware and services',
  recording: [],
  alerts: [hot, uncorrected, degraded, service, crashing, textfile, bond],
}
