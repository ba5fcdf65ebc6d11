import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'

const { network, clock } = limits
const host = '{job="node", instance="ai:9464"}'
const card = '{job="node", instance="ai:9464", device="eth0"}'
const real = 'job="node", device!~"lo|veth.*|docker.*|br-.*|virbr.*|tun.*|tap.*|cni.*|cali.*"'

const failing = (direction: 'receive' | 'transmit', what: 'errs' | 'drop'): AlertRule => {
  const word = what === 'errs' ? 'errors' : 'drops'
  const limit = network[word]
  const name = `Node${direction === 'receive' ? 'NetworkReceive' : 'NetworkTransmit'}${what === 'errs' ? 'Errs' : 'Drops'}`
  const packets = `rate(node_network_${direction}_packets_total{${real}}[5m])`
  return {
    alert: name,
    // A share of nothing says nothing: at least ten packets a second.
    expr: `rate(node_network_${direction}_${what}_total{${real}}[5m]) / (${packets} > 10) > ${limit}`,
    for: '1h',
    severity: 'warning',
    component: 'host',
    summary: `{{ $labels.device }} on {{ $labels.instance }} ${what === 'errs' ? 'damages' : 'drops'} packets`,
    description: `{{ $value | humanizePercentage }} of the packets that {{ $labels.device }} should ${direction} are ${what === 'errs' ? 'damaged' : 'dropped'}; more than ${limit * 100} % for an hour.`,
    board: 'host',
    runbook: {
      means: 'Connections stall and transfers slow down, while everything looks up.',
      look: [
        '`ip -s link show DEVICE`, `ethtool -S DEVICE`: which counter grows.',
        '`ethtool DEVICE`: speed and duplex.',
      ],
      causes:
        what === 'errs'
          ? ['A bad cable, plug or port; a wrong duplex setting; a failing card.']
          : ['Buffers that are too small for bursts; a processor that cannot keep up; a filter in the kernel.'],
      mend:
        what === 'errs'
          ? ['Change the cable, then the port, then the card.']
          : ['Raise the ring buffers: `ethtool -G DEVICE rx 4096`; spread interrupts over processors.'],
    },
    proof: {
      series: {
        [`node_network_${direction}_packets_total${card}`]: counter([6000, 300]),
        [`node_network_${direction}_${what}_total${card}`]: counter([50, 90], [120, 90], [0, 60]),
      },
      quiet: 89,
      fires: 170,
      resolves: 200,
      labels: { device: 'eth0' },
    },
  }
}

const flapping: AlertRule = {
  alert: 'NodeNetworkInterfaceFlapping',
  expr: `changes(node_network_up{${real}}[10m]) > 4`,
  for: '2m',
  severity: 'warning',
  component: 'host',
  summary: '{{ $labels.device }} on {{ $labels.instance }} goes up and down',
  description: '{{ $labels.device }} has changed its state {{ $value }} times within ten minutes.',
  board: 'host',
  runbook: {
    means: 'The link is lost and found again; connections break each time.',
    look: ['`journalctl -k --grep DEVICE`: since when, how often.'],
    causes: ['A loose cable; a switch port that negotiates anew; power saving of the card.'],
    mend: ['Change cable or port; switch off energy efficient Ethernet: `ethtool --set-eee DEVICE eee off`.'],
  },
  proof: {
    series: { [`node_network_up${card}`]: `1+0x19 0 1 0 1 1+0x19 ${'0 1 '.repeat(6)}1+0x40` },
    quiet: 24,
    fires: 54,
    resolves: 80,
  },
}

const connections: AlertRule = {
  alert: 'NodeHighNumberConntrackEntriesUsed',
  expr: `node_nf_conntrack_entries{job="node"} / node_nf_conntrack_entries_limit{job="node"} > ${network.conntrack}`,
  for: '5m',
  severity: 'warning',
  component: 'host',
  summary: 'The table of connections on {{ $labels.instance }} is nearly full',
  description: `{{ $value | humanizePercentage }} of the connection tracking table are used; more than ${network.conntrack * 100} %.`,
  board: 'host',
  runbook: {
    means: 'When the table is full, the kernel refuses new connections at random.',
    look: ['`conntrack -S`; `ss -s`: how many connections, and of what.'],
    causes: ['A client that opens a connection for every request; a scan or flood.'],
    mend: ['Raise `sysctl net.netfilter.nf_conntrack_max`; find the client with `conntrack -L | head`.'],
  },
  proof: {
    series: {
      [`node_nf_conntrack_entries${host}`]: phases([70, 20], [80, 20], [10, 20]),
      [`node_nf_conntrack_entries_limit${host}`]: always(100),
    },
    quiet: 19,
    fires: 35,
    resolves: 50,
  },
}

const skewed: AlertRule = {
  alert: 'NodeClockSkewDetected',
  expr: `(node_timex_offset_seconds{job="node"} > ${clock.offset} and deriv(node_timex_offset_seconds{job="node"}[5m]) >= 0) or (node_timex_offset_seconds{job="node"} < -${clock.offset} and deriv(node_timex_offset_seconds{job="node"}[5m]) <= 0)`,
  for: '10m',
  severity: 'warning',
  component: 'host',
  summary: 'The clock of {{ $labels.instance }} is wrong and does not come right',
  description: `The clock is off by {{ $value | humanizeDuration }} and moves no nearer; the limit is ${clock.offset * 1000} ms.`,
  board: 'host',
  runbook: {
    means: 'Times of logs, traces and metrics do not fit together; sign-ins by token may fail.',
    look: ['`timedatectl`, `chronyc tracking` or `ntpq -p`.'],
    causes: ['No time server can be reached; a virtual machine that was suspended.'],
    mend: ['Start chrony or systemd-timesyncd, let UDP port 123 through; `chronyc makestep` sets it at once.'],
  },
  proof: {
    series: { [`node_timex_offset_seconds${host}`]: phases([0.04, 20], [0.06, 30], [0, 20]) },
    quiet: 19,
    fires: 45,
    resolves: 60,
  },
}

const unsynchronised: AlertRule = {
  alert: 'NodeClockNotSynchronising',
  expr: `min_over_time(node_timex_sync_status{job="node"}[5m]) == 0 and node_timex_maxerror_seconds{job="node"} >= ${clock.error}`,
  for: '10m',
  severity: 'warning',
  component: 'host',
  summary: 'The clock of {{ $labels.instance }} follows no time server',
  description:
    'The kernel says the clock is not synchronised (value {{ $value }}) and may be off by 16 seconds or more.',
  board: 'host',
  runbook: {
    means: 'The clock drifts, a second in some days; see NodeClockSkewDetected for what that breaks.',
    look: ['`timedatectl`: "System clock synchronized"; `systemctl status chrony systemd-timesyncd`.'],
    causes: ['No time service is installed or running; its servers cannot be reached.'],
    mend: ['`apt-get install chrony`; let UDP port 123 out.'],
  },
  proof: {
    series: {
      [`node_timex_sync_status${host}`]: phases([1, 20], [0, 40], [1, 20]),
      [`node_timex_maxerror_seconds${host}`]: phases([0.1, 20], [16, 40], [0.1, 20]),
    },
    quiet: 28,
    fires: 50,
    resolves: 70,
  },
}

const traffic = (direction: 'receive' | 'transmit', what: 'bytes' | 'drop') => ({
  record: `instance:node_network_${direction}_${what}_excluding_lo:rate5m`,
  expr: `sum without (device) (rate(node_network_${direction}_${what}_total{job="node", device!="lo"}[5m]))`,
})

/** What is recorded and told about network and clock. */
export const hostNetwork: RuleGroup = {
  name: 'host-network',
  title: 'Host: network and clock',
  recording: [
    traffic('receive', 'bytes'),
    traffic('transmit', 'bytes'),
    traffic('receive', 'drop'),
    traffic('transmit', 'drop'),
  ],
  alerts: [
    failing('receive', 'errs'),
    failing('transmit', 'errs'),
    failing('receive', 'drop'),
    failing('transmit', 'drop'),
    flapping,
    connections,
    skewed,
    unsynchronised,
  ],
}
