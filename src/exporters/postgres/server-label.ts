import type { Exposition, Metric } from '../../lib/exposition.ts'
import type { Collector } from '../exporter.ts'

/** These never had the label: they are about the exporter. */
const unlabelled = /^pg_(up$|exporter_)/

const labelled = new WeakMap<Metric, Metric>()

function withServer(metric: Metric): Metric {
  let made = labelled.get(metric)
  if (made === undefined) labelled.set(metric, (made = { ...metric, labels: [...metric.labels, 'server'] }))
  return made
}

/** `name{a="b"} 1` and `name 1`, as `sampleLine` writes them; the value never holds a space or a brace. */
const rendered = /(?:\})? (\S+)\n/g

/** The same collector, whose series carry `server="host:port"` as those of postgres_exporter 0.11 did. */
export function labelServer(collector: Collector, server: () => string): Collector {
  const wrap = (out: Exposition): Exposition => ({
    set(metric, value, ...labels) {
      if (unlabelled.test(metric.name)) out.set(metric, value, ...labels)
      else out.set(withServer(metric), value, ...labels, server())
    },
    append(metric, lines, size) {
      const opening = metric.labels.length === 0 ? '{' : ','
      out.append(withServer(metric), lines.replaceAll(rendered, `${opening}server="${server()}"} $1\n`), size)
    },
    has: (name) => out.has(name),
    text: () => out.text(),
    size: () => out.size(),
  })
  return {
    ...collector,
    write: (reading, out) => collector.write(reading, wrap(out)),
    writeFailure: (error, out) => collector.writeFailure?.(error, wrap(out)),
  }
}
