import type { FieldConfigSource } from '@grafana/data'
import type { TableCellHeight } from '@grafana/schema'
import type { TableSortByFieldState } from '@grafana/ui'
import { TableNG } from '@grafana/ui/unstable'
import { useState } from 'react'
import type { VizProps } from './types.ts'

/** A table, sorted as the board says until somebody clicks a heading. */
export function TableViz({ panel, frames, timeRange, width, height }: VizProps) {
  const [sortBy, setSortBy] = useState(panel.options['sortBy'] as TableSortByFieldState[] | undefined)
  const [data] = frames
  if (data === undefined) return null
  return (
    <TableNG
      data={data}
      width={width}
      height={height}
      timeRange={timeRange}
      fieldConfig={panel.fieldConfig as unknown as FieldConfigSource}
      cellHeight={panel.options['cellHeight'] as TableCellHeight}
      noHeader={panel.options['showHeader'] === false}
      {...(sortBy && { sortBy })}
      onSortByChange={setSortBy}
      enableVirtualization
    />
  )
}
