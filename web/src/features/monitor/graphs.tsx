import { createMemo, Show } from 'solid-js'
import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { Card } from '../../ui/card.tsx'
import { StateBanner } from '../../ui/state-banner.tsx'
import type { Drawn } from './drawn.ts'
import { cpuGraph, diskGraph, memoryGraph, networkGraph } from './graph-specs.ts'
import { mainDevices } from './main-devices.ts'
import { withoutPrometheus } from './ranges.ts'
import { SeriesGraphs } from './series-graph.tsx'

/** The four graphs that answer most questions. */
export function Graphs(props: { readonly system: SystemMetrics; readonly drawn: Drawn }) {
  const devices = createMemo(() => mainDevices(props.system, props.drawn), undefined, {
    equals: (before, after) => before.disk === after.disk && before.network === after.network,
  })
  const specs = createMemo(() => {
    const { disk, network } = devices()
    return [
      cpuGraph(props.system),
      memoryGraph(props.system),
      ...(network === undefined ? [] : [networkGraph(network)]),
      ...(disk === undefined ? [] : [diskGraph(disk)]),
    ]
  })
  return (
    <Card title="History" wide>
      <Show
        when={props.drawn.problem === undefined}
        fallback={
          <StateBanner state="empty" title="No longer history">
            {withoutPrometheus(props.drawn.problem ?? '')}
          </StateBanner>
        }
      >
        <SeriesGraphs specs={specs()} drawn={props.drawn} />
      </Show>
    </Card>
  )
}
