import { parser } from '@prometheus-io/lezer-promql'

type Node = ReturnType<typeof parser.parse>['topNode']

export interface Matcher {
  readonly label: string
  readonly op: string
  readonly value: string
}

export interface Selector {
  /** Empty for `{__name__=~"…"}`. */
  readonly metric: string
  readonly matchers: readonly Matcher[]
  /** The function or aggregation that the selector is an argument of, if it is one directly. */
  readonly under: string
  /** Text between the brackets; empty for an instant vector. */
  readonly window: string
}

export interface Parsed {
  /** Where the grammar stumbled. */
  readonly errors: readonly number[]
  readonly selectors: readonly Selector[]
  /** Labels of `by`, `without`, `on`, `ignoring`, `group_left`. */
  readonly grouped: readonly string[]
  /** Labels of the result, where the outermost operation is an aggregation by labels. */
  readonly by: readonly string[] | undefined
}

const text = (query: string, node: Node | null): string => (node === null ? '' : query.slice(node.from, node.to))

function matchersOf(query: string, node: Node): Matcher[] {
  return [...node.getChildren('LabelMatchers')].flatMap((list) =>
    list.getChildren('UnquotedLabelMatcher').map((matcher) => ({
      label: text(query, matcher.getChild('LabelName')),
      op: text(query, matcher.getChild('MatchOp')),
      value: text(query, matcher.getChild('StringLiteral')).slice(1, -1),
    })),
  )
}

function selectorOf(query: string, node: Node): Selector {
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : null
  const call = (matrix ?? node).parent?.parent ?? null
  const name = call?.getChild('FunctionIdentifier') ?? call?.getChild('AggregateOp') ?? null
  return {
    metric: text(query, node.getChild('Identifier')),
    matchers: matchersOf(query, node),
    under: text(query, name),
    window: matrix === null ? '' : query.slice(node.to + 1, matrix.to - 1),
  }
}

/** What a query is made of, by the grammar of Prometheus itself. Variables inside strings may stay as they are. */
export function parsePromql(query: string): Parsed {
  const tree = parser.parse(query)
  const [errors, selectors, grouped]: [number[], Selector[], string[]] = [[], [], []]
  tree.iterate({
    enter({ type, from, to, node }) {
      if (type.isError) errors.push(from)
      if (type.name === 'VectorSelector') selectors.push(selectorOf(query, node))
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') grouped.push(query.slice(from, to))
    },
  })
  const modifier = tree.topNode.firstChild?.getChild('AggregateModifier')
  const labels = modifier?.getChild('By') ? modifier.getChild('GroupingLabels')?.getChildren('LabelName') : undefined
  return { errors, selectors, grouped, by: labels?.map((label) => text(query, label)) }
}
