import type { DataFrame, TimeRange } from '@grafana/data'
import type { Panel } from '../../core/board.ts'

/** What every drawing of a panel gets; pixels. */
export interface VizProps {
  readonly panel: Panel
  readonly frames: DataFrame[]
  readonly timeRange: TimeRange
  readonly width: number
  readonly height: number
}
