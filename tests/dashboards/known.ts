import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ruleGroups } from '../../dashboards/rules/index.ts'
import { writtenByK6 } from './k6.ts'
import { parsePromql } from './promql.ts'

/** What is known of a metric. */
export interface Known {
  /** `counter`, `gauge`, `histogram`, `untyped`, `recorded`, … */
  readonly type: string
  readonly labels: ReadonlySet<string>
}

const root = join(import.meta.dirname, '../..')
const targetLabels = ['job', 'instance']

interface Declared {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly header: string
}

const isDeclared = (value: object): value is Declared =>
  'name' in value && 'header' in value && 'labels' in value && Array.isArray(value.labels)

/** Every metric in what a module exports, however deep it lies. */
function declarations(value: unknown, depth = 0): Declared[] {
  if (typeof value !== 'object' || value === null || depth > 4) return []
  if (isDeclared(value)) return [value]
  return Object.values(value).flatMap((inner: unknown) => declarations(inner, depth + 1))
}

const own = (labels: readonly string[]): ReadonlySet<string> => new Set([...targetLabels, ...labels])

/** What the exporters declare. */
async function declared(): Promise<[string, Known][]> {
  const files = globSync('src/exporters/**/*.ts', { cwd: root })
  const modules = await Promise.all(files.map((file) => import(join(root, file)) as Promise<object>))
  return declarations(modules, -1).map(({ name, type, labels }) => [name, { type, labels: own(labels) }])
}

/** What Prometheus had after a run of `aura demo`: names made from what a source holds, and those of other programs. */
function scraped(): [string, Known][] {
  const text = readFileSync(join(import.meta.dirname, 'scraped.json'), 'utf8')
  return Object.entries(JSON.parse(text) as Record<string, string[]>).map(([name, [type = '', ...labels]]) => [
    name,
    { type, labels: new Set(labels) },
  ])
}

/** What Prometheus makes itself. The labels of alerts are those that the rules give, and the usual ones. */
const alerts: [string, Known][] = [
  [
    'ALERTS',
    { type: 'gauge', labels: own(['alertname', 'alertstate', 'severity', 'component', 'slo', 'gpu', 'model']) },
  ],
]

/** What recording rules make: the labels they name, or all labels of what they are made of. */
function recorded(base: ReadonlyMap<string, Known>): [string, Known][] {
  const known = new Map(base)
  for (const { record, expr, labels } of ruleGroups.flatMap((group) => group.recording)) {
    const { by, selectors } = parsePromql(expr)
    const inherited = selectors.flatMap(({ metric }) => Array.from(known.get(metric)?.labels ?? []))
    const all = new Set([...(by ?? inherited), ...Object.keys(labels ?? {}), ...(known.get(record)?.labels ?? [])])
    known.set(record, { type: 'recorded', labels: all })
  }
  return [...known]
}

/** Every metric that a board or a rule may name. */
export async function catalogue(): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>()
  for (const [name, { type, labels }] of [...(await declared()), ...scraped(), ...writtenByK6, ...alerts]) {
    const before = known.get(name)
    known.set(name, { type: before?.type ?? type, labels: new Set([...(before?.labels ?? []), ...labels]) })
  }
  return new Map(recorded(known))
}
