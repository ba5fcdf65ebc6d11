/** What every selector holds: the variables of the board. */
export const on = 'job=~"$job", instance=~"$instance"'

/** One query of a panel. */
export interface Query {
  readonly expr: string
  /** Name of the series in the legend: `{{instance}} reads`; of one that stands alone, empty. */
  readonly legend: string
  /** Ask for exemplars too: only histograms have them. */
  readonly exemplar?: true
}

export const query = (legend: string, expr: string): Query => ({ expr, legend })

/** `rate` over the window that fits the resolution of the screen. */
export const rate = (metric: string, more = ''): string => `rate(${series(metric, more)}[$__rate_interval])`
export const increase = (metric: string, more = ''): string => `increase(${series(metric, more)}[$__rate_interval])`

/** The metric with the board's variables, and further matchers. */
export const series = (metric: string, more = ''): string => `${metric}{${on}${more === '' ? '' : `, ${more}`}}`

/** A share that says nothing, rather than 0/0, while nothing happens. */
export const ratio = (part: string, whole: string): string => `${part} / (${whole} > 0)`

/** A quantile of a classic histogram, with exemplars. */
export const quantile = (legend: string, q: number, metric: string, by: string, more = ''): Query => ({
  expr: `histogram_quantile(${q}, sum by (${by}, le) (${rate(`${metric}_bucket`, more)}))`,
  legend,
  exemplar: true,
})
