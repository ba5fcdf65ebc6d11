import { counter, gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices } from '../sysfs.ts'

const texts = [
  'speed',
  'port_state',
  'port_type',
  'port_id',
  'port_name',
  'fabric_name',
  'symbolic_name',
  'supported_classes',
  'supported_speeds',
  'dev_loss_tmo',
]

const family = (name: string, help: string): Metric => counter(`node_fibrechannel_${name}`, help, 'fc_host')

export const metrics = {
  info: gauge(
    'node_fibrechannel_info',
    'Non-numeric data from /sys/class/fc_host/<host>, value is always 1.',
    'fc_host',
    ...texts,
  ),
}

/** Families by the file that feeds them. */
const counters: Readonly<Record<string, Metric>> = {
  dumped_frames: family('dumped_frames_total', 'Number of dumped frames'),
  error_frames: family('error_frames_total', 'Number of errors in frames'),
  invalid_crc_count: family('invalid_crc_total', 'Invalid Cyclic Redundancy Check count'),
  rx_frames: family('rx_frames_total', 'Number of frames received'),
  rx_words: family('rx_words_total', 'Number of words received by host port'),
  tx_frames: family('tx_frames_total', 'Number of frames transmitted by host port'),
  tx_words: family('tx_words_total', 'Number of words transmitted by host port'),
  seconds_since_last_reset: family('seconds_since_last_reset_total', 'Number of seconds since last host port reset'),
  invalid_tx_word_count: family('invalid_tx_words_total', 'Number of invalid words transmitted by host port'),
  link_failure_count: family('link_failure_total', 'Number of times the host port link has failed'),
  loss_of_sync_count: family('loss_of_sync_total', 'Number of failures on either bit or transmission word boundaries'),
  loss_of_signal_count: family('loss_of_signal_total', 'Number of times signal has been lost'),
  nos_count: family('nos_total', 'Number Not_Operational Primitive Sequence received by host port'),
  fcp_packet_aborts: family('fcp_packet_aborts_total', 'Number of aborted packets'),
}

/** One host bus adapter. */
export interface FibreChannelHost {
  readonly host: string
  readonly texts: readonly string[]
  readonly values: readonly { readonly metric: Metric; readonly value: number }[]
}

/** The counters are in hex; all bits set means that the firmware does not count this. */
function parseCounter(text: string | undefined): number | undefined {
  if (text === undefined || text === '0xffffffffffffffff') return undefined
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? undefined : value
}

function readHost(source: Source, host: string): FibreChannelHost {
  const path = `class/fc_host/${host}`
  return {
    host,
    texts: texts.map((file) => (source.attribute(`${path}/${file}`) ?? '').replace(/^0x/, '')),
    values: Object.entries(counters).flatMap(([file, metric]) => {
      const value = parseCounter(source.attribute(`${path}/statistics/${file}`))
      return value === undefined ? [] : [{ metric, value }]
    }),
  }
}

/** Fibre Channel adapters. */
export function createFibrechannel(source: Source): Collector<FibreChannelHost[]> {
  return {
    name: 'fibrechannel',
    read: () => devices(source, 'class/fc_host').map((host) => readHost(source, host)),
    write(reading, out) {
      for (const { host, texts: values, values: counted } of reading) {
        out.set(metrics.info, 1, host, ...values)
        for (const { metric, value } of counted) out.set(metric, value, host)
      }
    },
  }
}
