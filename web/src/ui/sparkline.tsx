import { createMemo, For } from 'solid-js'
import { sparklinePath } from './sparkline-path.ts'
import type { Level } from './level.ts'
import './sparkline.css'

export interface SparklineProps {
  /** In words for those who do not see it: `CPU over the last 5 min, now 42 %`. */
  readonly label: string
  readonly values: readonly (number | null)[]
  /** 0 unless said. */
  readonly min?: number
  /** The largest value unless said. */
  readonly max?: number | undefined
  readonly thresholds?: readonly { readonly value: number; readonly level: Level }[] | undefined
}

const width = 120
const height = 28

/** The shape of the last minutes, without axes. */
export function Sparkline(props: SparklineProps) {
  const min = () => props.min ?? 0
  const max = createMemo(() => props.max ?? Math.max(min(), ...props.values.map((value) => value ?? min())))
  const path = createMemo(() => sparklinePath(props.values, { width, height, min: min(), max: max() }))
  const y = (value: number) => height - ((value - min()) / (max() - min() || 1)) * height
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <path class="sparkline-area" d={path().area} />
      <For each={props.thresholds?.filter(({ value }) => value <= max()) ?? []}>
        {({ value, level }) => (
          <line class="sparkline-threshold" data-level={level} x1={0} x2={width} y1={y(value)} y2={y(value)} />
        )}
      </For>
      <path class="sparkline-line" d={path().line} />
    </svg>
  )
}
