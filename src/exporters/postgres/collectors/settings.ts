import { gauge, sampleLine, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { readInstance } from '../instance.ts'

// For what we set on our own session, reset_val is what the server would have given us.
const sql = `select name, case when name in ('statement_timeout', 'lock_timeout', 'jit', 'default_transaction_read_only',
    'transaction_read_only') then reset_val else setting end, coalesce(unit, ''), coalesce(short_desc, ''), vartype
  from pg_settings where vartype in ('bool', 'integer', 'real')`

/** From a setting's unit to seconds or bytes; `8kB` and the like are multiples of a unit. Milliseconds are divided by 1000, which is exact where 0.001 is not. */
const units: Readonly<Record<string, readonly [suffix: string, factor: number]>> = {
  ms: ['seconds', 1],
  s: ['seconds', 1],
  min: ['seconds', 60],
  h: ['seconds', 3600],
  d: ['seconds', 86_400],
  B: ['bytes', 1],
  kB: ['bytes', 2 ** 10],
  MB: ['bytes', 2 ** 20],
  GB: ['bytes', 2 ** 30],
  TB: ['bytes', 2 ** 40],
}

export interface Setting {
  readonly metric: Metric
  readonly value: number
}

interface Rendered {
  readonly metric: Metric
  readonly line: string
}

/** Settings change rarely and are many, so their lines are rendered when they are read, not when they are scraped. */
const render = ({ metric, value }: Setting): Rendered => ({ metric, line: sampleLine(metric.name, [], [], value) })

/** A setting as a series; undefined when its value is no number or its unit is not known. */
export function parseSetting([name, setting, unit, help, type]: Row): Setting | undefined {
  const plain = `pg_settings_${(name ?? '').replaceAll(/[^a-zA-Z0-9_]/g, '_')}`
  if (type === 'bool') return { metric: gauge(plain, help ?? ''), value: setting === 'on' ? 1 : 0 }
  const value = Number(setting)
  if (setting === null || setting === '' || Number.isNaN(value)) return undefined
  if (unit === '' || unit === null || unit === undefined) return { metric: gauge(plain, help ?? ''), value }
  const [, multiple = '', base = ''] = /^(\d*)(\w+)$/.exec(unit) ?? []
  const known = units[base]
  if (known === undefined) return undefined
  const [suffix, factor] = known
  // -1 says "off" or "use another setting": it is no quantity, and stays what it is.
  const scaled = value === -1 ? -1 : (value * Number(multiple || 1) * factor) / (base === 'ms' ? 1000 : 1)
  return { metric: gauge(`${plain}_${suffix}`, `${help} [Units converted to ${suffix}.]`), value: scaled }
}

/** The server's settings; read again only when the server says that they may have changed. */
export function createSettings(db: Connections): Collector<readonly Rendered[]> {
  let kept: { readonly key: string; readonly settings: readonly Rendered[] } | undefined
  return {
    name: 'settings',
    async read(signal) {
      const { settingsKey: key } = await readInstance(db, signal)
      if (kept?.key === key) return kept.settings
      const rows = await db.query(sql, signal)
      kept = {
        key,
        settings: rows
          .map(parseSetting)
          .filter((setting) => setting !== undefined)
          .map(render),
      }
      return kept.settings
    },
    write(settings, out) {
      for (const { metric, line } of settings) out.append(metric, line, 1)
    },
  }
}
