import type { AnnotationQuery, DashboardLink, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Board, Variable } from './board.ts'
import { colour } from './colours.ts'
import { dataSource, type Literal } from './grafana.ts'
import { on } from './query.ts'

type VariableJson = Literal<Omit<VariableModel, 'query'>> & {
  readonly query: string | { query: string; refId: string }
}

const all = { selected: true, text: ['All'], value: ['$__all'] }

const choice = (name: string, label: string, query: string, more: Partial<VariableJson> = {}): VariableJson => ({
  type: 'query',
  name,
  label,
  datasource: dataSource,
  definition: query,
  query: { query, refId: `Variable-${name}` },
  refresh: 2,
  sort: 7,
  multi: true,
  includeAll: true,
  allValue: '.+',
  current: all,
  ...more,
})

/**
 * Job and instance. Links carry no job: every board has jobs of its own, and a job of another board would leave all
 * panels empty.
 */
const targets = (anchor: string, shared: boolean): VariableJson[] => [
  choice('job', 'Job', `label_values(${anchor}, job)`, { skipUrlSync: true }),
  choice('instance', 'Instance', `label_values(${anchor}{job=~"$job"}, instance)`, shared ? {} : { skipUrlSync: true }),
]

const own = ({ name, label, metric, free }: Variable): VariableJson =>
  choice(name, label, `label_values(${free === true ? metric : `${metric}{${on}}`}, ${name})`)

/** Data source, job, instance, and the board's own. */
export const variablesOf = ({ anchor, variables = [], sharesInstances = true }: Board): VariableJson[] => [
  {
    type: 'datasource',
    name: 'datasource',
    label: 'Data source',
    query: 'prometheus',
    refresh: 1,
    current: { text: 'Prometheus', value: 'prometheus' },
  },
  ...(anchor === undefined ? [] : targets(anchor, sharesInstances)),
  ...variables.map(own),
]

type AnnotationJson = Omit<Literal<AnnotationQuery>, 'target'>

const annotation = (name: string, iconColor: string, expr: string, title: string, text: string): AnnotationJson => ({
  name,
  datasource: dataSource,
  enable: true,
  hide: false,
  iconColor,
  expr,
  step: '60s',
  titleFormat: title,
  textFormat: text,
})

const by = (of: string, label: string, past = ''): string => `count by (job, instance, ${label}) (${of}{${on}}${past})`

/** Restarts, other versions, and firing alerts, drawn into every panel. */
export function annotationsOf({ started, version, components }: Board): AnnotationJson[] {
  const restarts =
    started === undefined
      ? []
      : [
          annotation(
            'Restarts',
            colour.look,
            `changes(${started}{${on}}[$__rate_interval]) > 0`,
            'Restart',
            '{{job}} {{instance}}',
          ),
        ]
  const versions =
    version === undefined
      ? []
      : [
          annotation(
            'Versions',
            colour.good,
            // New since five minutes, and not merely seen for the first time.
            `${by(version[0], version[1])} unless ${by(version[0], version[1], ' offset 5m')} and on (job, instance) count by (job, instance) (${version[0]}{${on}} offset 5m)`,
            'Another version',
            `{{instance}} {{${version[1]}}}`,
          ),
        ]
  const alerts = annotation(
    'Firing alerts',
    colour.bad,
    `ALERTS{alertstate="firing", severity=~"critical|warning", component=~"${components.join('|')}"}`,
    '{{alertname}}',
    '{{severity}} {{instance}}',
  )
  return [...restarts, ...versions, alerts]
}

const link = (title: string, tag: string): Literal<DashboardLink> => ({
  title,
  type: 'dashboards',
  icon: 'external link',
  tooltip: 'Another board, with the same time and instances',
  tags: [tag],
  asDropdown: true,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
})

export const tag = 'aura'
export const linksOf = (): Literal<DashboardLink>[] => [link('Aura boards', tag)]
