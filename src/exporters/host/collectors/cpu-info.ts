import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { number } from '../lib/text.ts'
import type { Source } from '../source.ts'

const labels = [
  'package',
  'core',
  'cpu',
  'vendor',
  'family',
  'model',
  'model_name',
  'microcode',
  'stepping',
  'cachesize',
]

export const metrics = {
  info: gauge('node_cpu_info', 'CPU information from /proc/cpuinfo.', ...labels),
}

/** Fields of /proc/cpuinfo in the order of the labels. */
const fields = [
  'physical id',
  'core id',
  'processor',
  'vendor_id',
  'cpu family',
  'model',
  'model name',
  'microcode',
  'stepping',
  'cache size',
]

function parseBlock(block: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) values.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return values
}

/** One list of label values for each CPU, in the order of the labels of `node_cpu_info`. */
export function parseCpuInfo(text: string): string[][] {
  return text
    .split('\n\n')
    .map(parseBlock)
    .filter((block) => number(block.get('processor')) !== undefined)
    .map((block) => fields.map((field) => block.get(field) ?? ''))
}

/** Opt-in, as in node_exporter: one series for each CPU that says what it is. */
export function createCpuInfo(source: Source): Collector<string[][]> {
  return {
    name: 'cpu_info',
    read: () => parseCpuInfo(source.proc('cpuinfo')),
    write(reading, out) {
      for (const cpu of reading) out.set(metrics.info, 1, ...cpu)
    },
  }
}
