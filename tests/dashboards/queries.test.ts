import { beforeAll, describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'
import { legendLabels, panelsOf } from '../boards/panels.ts'
import { substitute } from '../boards/variables.ts'
import { otherJob, withoutTarget } from './exceptions.ts'
import { catalogue, type Known } from './known.ts'
import { parsePromql, type Selector } from './promql.ts'

// The rules of Grafana's dashboard-linter, done again; there is no Loki, so those on LogQL have nothing to look at. Its
// target-counter-agg looks at names; here the kind of a metric is known.

let known: ReadonlyMap<string, Known>
beforeAll(async () => void (known = await catalogue()))

/** What may be done to a counter: take its pace, or count how many there are. */
const accumulating = new Set(['rate', 'irate', 'increase', 'changes', 'resets', 'count'])
/** Functions that take what only grows. */
const perTime = new Set(['rate', 'irate', 'increase'])
/** Kinds that only grow, as far as is known; `untyped` are counters of the kernel. */
const grows = new Set(['counter', 'histogram', 'summary', 'untyped', 'unknown'])

const nothing: Known = { type: 'missing', labels: new Set() }

/** What is wrong with the names in a query: metrics nobody makes, labels they do not have, rates of what does not grow. */
function wrongNames({ metric, matchers, under }: Selector): string[] {
  if (metric === '') return []
  const { type, labels } = known.get(metric) ?? nothing
  if (type === 'missing') return [`${metric} is made by nobody`]
  const strange = matchers
    .filter(({ label }) => !labels.has(label))
    .map(({ label }) => `${metric} has no label ${label}`)
  if (type === 'counter' && !accumulating.has(under)) strange.push(`${metric} is a counter without rate`)
  if (perTime.has(under) && !grows.has(type)) strange.push(`${metric} is a ${type} under ${under}`)
  return strange
}

/** Labels that a query groups by but no metric in it has. */
function wrongGroups(expr: string): string[] {
  const { selectors, grouped } = parsePromql(expr)
  if (selectors.some(({ metric }) => metric === '')) return []
  const all = new Set(selectors.flatMap(({ metric }) => Array.from(known.get(metric)?.labels ?? [])))
  return grouped.filter((label) => !all.has(label)).map((label) => `nothing has the label ${label}`)
}

const has = ({ matchers }: Selector, label: string): boolean =>
  matchers.some((matcher) => matcher.label === label && matcher.op === '=~' && matcher.value === `$${label}`)

describe.each(boards.map((board) => [board.name, renderBoard(board)] as const))('%s', (name, board) => {
  const panels = panelsOf(board)
  const variables = board.templating.list ?? []

  test('template-datasource, panel-datasource, uneditable-dashboard', () => {
    expect(variables[0]).toMatchObject({
      type: 'datasource',
      name: 'datasource',
      label: 'Data source',
      query: 'prometheus',
    })
    for (const { datasource, targets } of panels)
      for (const of of [datasource, ...targets.map((target) => target.datasource)])
        expect(of).toEqual({ type: 'prometheus', uid: '${datasource}' })
    expect(board.editable).toBe(false)
  })

  test('template-job, template-instance, template-on-time-change-reload, template-label-promql', () => {
    const chosen = variables.slice(1)
    if (name !== 'slo') expect(chosen.map(({ label }) => label).slice(0, 2)).toEqual(['Job', 'Instance'])
    for (const variable of chosen) {
      expect(variable).toMatchObject({ type: 'query', multi: true, includeAll: true, allValue: '.+', refresh: 2 })
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/s.exec(variable.definition ?? '') ?? []
      const { errors, selectors } = parsePromql(selector)
      expect(errors).toEqual([])
      expect(selectors.flatMap(wrongNames).filter((fault) => !fault.includes('counter'))).toEqual([])
      expect(known.get(selectors[0]?.metric ?? '')?.labels).toContain(label)
    }
  })

  test('annotations name what exists', () => {
    for (const { expr = '' } of board.annotations.list ?? []) {
      const parsed = parsePromql(substitute(expr, new Map()))
      expect(parsed.errors).toEqual([])
      expect(parsed.selectors.flatMap(wrongNames)).toEqual([])
    }
  })

  test.each(panels.map((panel) => [panel.title, panel] as const))('%s', (title, { targets }) => {
    for (const { expr, legendFormat } of targets) {
      const { errors, selectors, by } = parsePromql(substitute(expr, new Map()))
      expect(errors, expr).toEqual([])
      expect(selectors.flatMap(wrongNames)).toEqual([])
      expect(wrongGroups(substitute(expr, new Map()))).toEqual([])
      // target-rate-interval, on the text as it stands in the board.
      for (const [, window = ''] of expr.matchAll(/\bi?rate\([^[]*\[([^\]]*)\]/g))
        expect(window).toBe('$__rate_interval')
      for (const selector of selectors) {
        if (selector.metric in withoutTarget) continue
        expect(has(selector, 'instance'), `${selector.metric}: instance`).toBe(true)
        if (!(`${name}: ${title}` in otherJob)) expect(has(selector, 'job'), `${selector.metric}: job`).toBe(true)
      }
      if (by !== undefined) expect(by).toEqual(expect.arrayContaining(legendLabels(legendFormat)))
    }
  })
})

const recorded = ruleGroups.flatMap(({ recording }) => recording.map(({ record, expr }) => [record, expr] as const))
const alerts = ruleGroups.flatMap((group) => group.alerts.map(({ alert, expr }) => [alert, expr] as const))

test.each(recorded.concat(alerts))('%s asks for what exists', (_name, expr) => {
  const { errors, selectors } = parsePromql(expr)
  expect(errors).toEqual([])
  expect(selectors.flatMap(wrongNames).filter((fault) => !/counter without rate/.test(fault))).toEqual([])
  expect(wrongGroups(expr)).toEqual([])
})

test('exceptions are still needed', () => {
  const all = boards.flatMap((board) => board.rows.flatMap((row) => row.panels.map((panel) => ({ board, panel }))))
  const asked = all.flatMap(({ panel }) =>
    panel.queries.flatMap(({ expr }) => parsePromql(substitute(expr, new Map())).selectors),
  )
  const metrics = new Set(asked.map(({ metric }) => metric))
  expect(Object.keys(withoutTarget).filter((metric) => !metrics.has(metric))).toEqual([])
  const titles = new Set(all.map(({ board, panel }) => `${board.name}: ${panel.title}`))
  expect(Object.keys(otherJob).filter((title) => !titles.has(title))).toEqual([])
})
