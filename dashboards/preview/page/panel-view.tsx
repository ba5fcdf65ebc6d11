import { LoadingState, type DataFrame, type TimeRange } from '@grafana/data'
import { PanelChrome, useTheme2 } from '@grafana/ui'
import { useEffect, useState, type ComponentType } from 'react'
import type { Panel } from '../core/board.ts'
import { hasData, panelData, type Moment } from './panel-data.ts'
import { BarGaugeViz } from './viz/bar-gauge.tsx'
import { HeatmapViz } from './viz/heatmap.tsx'
import { StateTimelineViz } from './viz/state-timeline.tsx'
import { StatViz } from './viz/stat.tsx'
import { TableViz } from './viz/table.tsx'
import { TimeSeriesViz } from './viz/time-series.tsx'
import type { VizProps } from './viz/types.ts'

const drawings: Readonly<Record<string, ComponentType<VizProps>>> = {
  bargauge: BarGaugeViz,
  heatmap: HeatmapViz,
  stat: StatViz,
  'state-timeline': StateTimelineViz,
  table: TableViz,
  timeseries: TimeSeriesViz,
}

interface Props {
  readonly panel: Panel
  readonly moment: Moment
  readonly timeRange: TimeRange
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Address of another board, by the address that this board names. */
  readonly follow: (url: string) => string | undefined
}

type Answer = { readonly frames: DataFrame[] } | { readonly error: string }

function useData(panel: Panel, moment: Moment, width: number): Answer | undefined {
  const theme = useTheme2()
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    let current = true
    panelData(panel, moment, width, theme).then(
      (frames) => current && setAnswer({ frames }),
      (error: unknown) => current && setAnswer({ error: String(error) }),
    )
    return () => {
      current = false
    }
  }, [panel, moment, width, theme])
  return answer
}

const stateOf = (answer: Answer | undefined): 'asking' | 'failed' | 'empty' | 'drawn' => {
  if (answer === undefined) return 'asking'
  if ('error' in answer) return 'failed'
  return hasData(answer.frames) ? 'drawn' : 'empty'
}

/** What stands in the place of a drawing without data, as in Grafana: the board's own words if it has some. */
const Words = ({ text }: { readonly text: string }) => <div className="words">{text}</div>

const noValueOf = ({ fieldConfig: { defaults } }: Panel): string =>
  (defaults as { noValue?: string }).noValue ?? 'No data'

/** A panel in Grafana's frame, with what it asked for drawn in it. */
export function PanelView({ panel, moment, timeRange, width, height, follow }: Props) {
  const answer = useData(panel, moment, width)
  const Drawing = drawings[panel.type]
  const state = stateOf(answer)
  const links = (panel.links ?? []).flatMap(({ title, url }) => {
    const href = follow(url)
    return href === undefined
      ? []
      : [
          <a key={url} className="more" href={href} title={title} aria-label={title}>
            ↗
          </a>,
        ]
  })
  const draw = (inner: number, high: number) => {
    if (answer === undefined) return null
    if ('error' in answer) return <Words text={answer.error} />
    if (Drawing === undefined) return <Words text={`A panel of type ${panel.type} is not drawn here.`} />
    // A number says itself that there is none.
    if (state === 'empty' && panel.type !== 'stat') return <Words text={noValueOf(panel)} />
    return <Drawing panel={panel} frames={answer.frames} timeRange={timeRange} width={inner} height={high} />
  }
  return (
    <section data-panel={panel.title} data-state={state} data-type={panel.type}>
      <PanelChrome
        title={panel.title}
        description={panel.description ?? ''}
        titleItems={links}
        loadingState={state === 'asking' ? LoadingState.Loading : LoadingState.Done}
        padding={panel.type === 'table' ? 'none' : 'md'}
        width={width}
        height={height}
      >
        {draw}
      </PanelChrome>
    </section>
  )
}
