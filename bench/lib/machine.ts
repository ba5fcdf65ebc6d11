import { cpus, release, totalmem, type } from 'node:os'

/** Where and with what figures were taken; `versions` beside Node's; `more` are remarks, a line each. */
export function describeThisMachine(versions: readonly string[] = [], more: readonly string[] = []): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 1e9).toFixed(0)
  return [
    `Machine: ${cpus().length} x ${cpu?.model.trim() ?? 'CPU'}, ${memory} GB, ${type()} ${release()}`,
    `Versions: ${[`Node ${process.versions.node}`, ...versions].join(', ')}`,
    ...more,
    `Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ].join('\n')
}
