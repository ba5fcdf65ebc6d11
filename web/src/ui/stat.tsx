import { Show } from 'solid-js'
import type { Quantity } from './format.ts'
import './stat.css'

export interface StatProps {
  readonly label: string
  readonly value: Quantity | string
  /** A second, smaller line: `of 64 GiB`. */
  readonly note?: string | undefined
  /** The value is old: it is shown struck dim and said so. */
  readonly stale?: boolean | undefined
}

/** One number with its name and unit, in figures of equal width. */
export function Stat(props: StatProps) {
  const value = (): Quantity => (typeof props.value === 'string' ? { number: props.value, unit: '' } : props.value)
  return (
    <div class="stat" data-stale={props.stale ? '' : undefined}>
      <span class="stat-label">{props.label}</span>
      <span class="stat-value">
        {value().number}
        <Show when={value().unit}>
          {'\u{a0}'}
          <span class="stat-unit">{value().unit}</span>
        </Show>
        <Show when={props.stale}>
          <span class="stat-stale"> stale</span>
        </Show>
      </span>
      <Show when={props.note}>
        <span class="stat-note">{props.note}</span>
      </Show>
    </div>
  )
}
