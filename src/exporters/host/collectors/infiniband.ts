import { counter, gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute } from '../sysfs.ts'

/** File of a port, name of its family, what it says. Those of counters_ext are of kernels before 4.5. */
const table: readonly (readonly [string, string, string])[] = [
  [
    'counters/multicast_rcv_packets',
    'multicast_packets_received_total',
    'Number of multicast packets received (including errors)',
  ],
  [
    'counters/multicast_xmit_packets',
    'multicast_packets_transmitted_total',
    'Number of multicast packets transmitted (including errors)',
  ],
  [
    'counters/unicast_rcv_packets',
    'unicast_packets_received_total',
    'Number of unicast packets received (including errors)',
  ],
  [
    'counters/unicast_xmit_packets',
    'unicast_packets_transmitted_total',
    'Number of unicast packets transmitted (including errors)',
  ],
  [
    'counters/port_rcv_constraint_errors',
    'port_constraint_errors_received_total',
    'Number of packets received on the switch physical port that are discarded',
  ],
  [
    'counters/port_xmit_constraint_errors',
    'port_constraint_errors_transmitted_total',
    'Number of packets not transmitted from the switch physical port',
  ],
  ['counters/port_rcv_data', 'port_data_received_bytes_total', 'Number of data octets received on all links'],
  ['counters/port_xmit_data', 'port_data_transmitted_bytes_total', 'Number of data octets transmitted on all links'],
  [
    'counters/port_rcv_discards',
    'port_discards_received_total',
    'Number of inbound packets discarded by the port because the port is down or congested',
  ],
  [
    'counters/port_xmit_discards',
    'port_discards_transmitted_total',
    'Number of outbound packets discarded by the port because the port is down or congested',
  ],
  [
    'counters/port_rcv_errors',
    'port_errors_received_total',
    'Number of packets containing an error that were received on this port',
  ],
  [
    'counters/port_rcv_packets',
    'port_packets_received_total',
    'Number of packets received on all VLs by this port (including errors)',
  ],
  [
    'counters/port_xmit_packets',
    'port_packets_transmitted_total',
    'Number of packets transmitted on all VLs from this port (including errors)',
  ],
  [
    'counters/port_xmit_wait',
    'port_transmit_wait_total',
    'Number of ticks during which the port had data to transmit but no data was sent during the entire tick',
  ],
  [
    'counters/port_rcv_remote_physical_errors',
    'port_receive_remote_physical_errors_total',
    'Number of packets marked with the EBP (End of Bad Packet) delimiter received on the port.',
  ],
  [
    'counters/port_rcv_switch_relay_errors',
    'port_receive_switch_relay_errors_total',
    'Number of packets that could not be forwarded by the switch.',
  ],
  [
    'counters/symbol_error',
    'symbol_error_total',
    'Number of minor link errors detected on one or more physical lanes.',
  ],
  [
    'counters/VL15_dropped',
    'vl15_dropped_total',
    'Number of incoming VL15 packets dropped due to resource limitations.',
  ],
  [
    'counters/link_downed',
    'link_downed_total',
    'Number of times the link failed to recover from an error state and went down',
  ],
  [
    'counters/link_error_recovery',
    'link_error_recovery_total',
    'Number of times the link successfully recovered from an error state',
  ],
  [
    'counters/local_link_integrity_errors',
    'local_link_integrity_errors_total',
    'Number of times that the count of local physical errors exceeded the threshold specified by LocalPhyErrors.',
  ],
  [
    'counters/excessive_buffer_overrun_errors',
    'excessive_buffer_overrun_errors_total',
    'Number of times that OverrunErrors consecutive flow control update periods occurred, each having at least one overrun error.',
  ],
  [
    'counters_ext/port_multicast_rcv_packets',
    'legacy_multicast_packets_received_total',
    'Number of multicast packets received',
  ],
  [
    'counters_ext/port_multicast_xmit_packets',
    'legacy_multicast_packets_transmitted_total',
    'Number of multicast packets transmitted',
  ],
  ['counters_ext/port_rcv_data_64', 'legacy_data_received_bytes_total', 'Number of data octets received on all links'],
  ['counters_ext/port_rcv_packets_64', 'legacy_packets_received_total', 'Number of data packets received on all links'],
  [
    'counters_ext/port_unicast_rcv_packets',
    'legacy_unicast_packets_received_total',
    'Number of unicast packets received',
  ],
  [
    'counters_ext/port_unicast_xmit_packets',
    'legacy_unicast_packets_transmitted_total',
    'Number of unicast packets transmitted',
  ],
  [
    'counters_ext/port_xmit_data_64',
    'legacy_data_transmitted_bytes_total',
    'Number of data octets transmitted on all links',
  ],
  [
    'counters_ext/port_xmit_packets_64',
    'legacy_packets_transmitted_total',
    'Number of data packets received on all links',
  ],
]

const port = ['device', 'port']

export const metrics = {
  info: gauge(
    'node_infiniband_info',
    'Non-numeric data from /sys/class/infiniband/<device>, value is always 1.',
    'device',
    'board_id',
    'firmware_version',
    'hca_type',
  ),
  state: gauge(
    'node_infiniband_state_id',
    'State of the InfiniBand port (0: no change, 1: down, 2: init, 3: armed, 4: active, 5: act defer)',
    ...port,
  ),
  physicalState: gauge(
    'node_infiniband_physical_state_id',
    'Physical state of the InfiniBand port (0: no change, 1: sleep, 2: polling, 3: disable, 4: shift, 5: link up, 6: link error recover, 7: phytest)',
    ...port,
  ),
  rate: gauge('node_infiniband_rate_bytes_per_second', 'Maximum signal transfer rate', ...port),
}

interface PortCounter {
  readonly file: string
  readonly metric: Metric
  /** Data is counted in words of four octets, one for each lane. */
  readonly factor: number
}

const counters: readonly PortCounter[] = table.map(([file, name, help]) => ({
  file,
  metric: counter(`node_infiniband_${name}`, help, ...port),
  factor: /_data(?:_64)?$/.test(file) ? 4 : 1,
}))

export interface InfinibandPort {
  readonly port: string
  readonly state: number | undefined
  readonly physicalState: number | undefined
  /** Bytes per second. */
  readonly rate: number | undefined
  readonly values: readonly { readonly metric: Metric; readonly value: number }[]
}

export interface InfinibandDevice {
  readonly device: string
  readonly boardId: string
  readonly firmware: string
  readonly type: string
  readonly ports: readonly InfinibandPort[]
}

/** The number in front: `4` of "4: ACTIVE", `56` of "56 Gb/sec (4X FDR)". */
const leading = (text: string | undefined): number | undefined => {
  const value = Number.parseFloat(text ?? '')
  return Number.isNaN(value) ? undefined : value
}

function readPort(source: Source, path: string, name: string): InfinibandPort {
  const gigabits = leading(source.attribute(`${path}/rate`))
  return {
    port: name,
    state: leading(source.attribute(`${path}/state`)),
    physicalState: leading(source.attribute(`${path}/phys_state`)),
    rate: gigabits === undefined ? undefined : gigabits * 125_000_000,
    values: counters.flatMap(({ file, metric, factor }) => {
      const value = numberAttribute(source, `${path}/${file}`)
      return value === undefined ? [] : [{ metric, value: value * factor }]
    }),
  }
}

function readDevice(source: Source, device: string): InfinibandDevice {
  const path = `class/infiniband/${device}`
  const text = (file: string): string => source.attribute(`${path}/${file}`) ?? ''
  return {
    device,
    boardId: text('board_id'),
    firmware: text('fw_ver'),
    type: text('hca_type'),
    ports: source.sysList(`${path}/ports`).map((name) => readPort(source, `${path}/ports/${name}`, name)),
  }
}

/** InfiniBand adapters and their ports. */
export function createInfiniband(source: Source): Collector<InfinibandDevice[]> {
  return {
    name: 'infiniband',
    read: () => devices(source, 'class/infiniband').map((device) => readDevice(source, device)),
    write(reading, out) {
      for (const { device, boardId, firmware, type, ports } of reading) {
        out.set(metrics.info, 1, device, boardId, firmware, type)
        for (const one of ports) {
          out.set(metrics.state, one.state, device, one.port)
          out.set(metrics.physicalState, one.physicalState, device, one.port)
          out.set(metrics.rate, one.rate, device, one.port)
          for (const { metric, value } of one.values) out.set(metric, value, device, one.port)
        }
      }
    },
  }
}
