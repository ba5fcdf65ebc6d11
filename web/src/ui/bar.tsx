import type { Level } from './level.ts'
import './bar.css'

export interface BarProps {
  /** What it measures, for those who do not see it. */
  readonly label: string
  /** 0..1; undefined = not known. */
  readonly value: number | undefined
  /** In words, `42 % of 64 GiB`; read out instead of the share. */
  readonly text: string
  readonly level?: Level | undefined
}

/** A share as a bar. */
export function Bar(props: BarProps) {
  const share = () => Math.min(1, Math.max(0, props.value ?? 0))
  return (
    <div
      class="bar"
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share() * 100)}
      aria-valuetext={props.text}
      data-level={props.level ?? 'ok'}
    >
      <div class="bar-fill" style={{ 'inline-size': `${share() * 100}%` }} />
    </div>
  )
}
