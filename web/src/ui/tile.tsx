import { createUniqueId, Show, type JSX } from 'solid-js'
import { Badge } from './badge.tsx'
import type { Quantity } from './format.ts'
import type { Level } from './level.ts'
import './tile.css'

export interface TileProps {
  readonly title: string
  readonly value: Quantity | string
  readonly note?: string | undefined
  readonly level?: Level | undefined
  /** The value is older than it should be; the tile says so. */
  readonly stale?: boolean | undefined
  /** Opens the details; makes the tile's heading a button. */
  readonly onOpen?: (() => void) | undefined
  /** Whether the details are open. */
  readonly open?: boolean | undefined
  /** A bar, a sparkline, a few numbers. */
  readonly children?: JSX.Element
}

/** One figure of the overview: title, value, level in words, and what belongs to it. */
export function Tile(props: TileProps) {
  const id = createUniqueId()
  const value = (): Quantity => (typeof props.value === 'string' ? { number: props.value, unit: '' } : props.value)
  return (
    <article
      class="tile"
      data-level={props.level ?? 'ok'}
      data-stale={props.stale ? '' : undefined}
      aria-labelledby={id}
    >
      <header class="tile-head">
        <h2 id={id}>
          <Show when={props.onOpen} fallback={props.title}>
            {(open) => (
              <button type="button" class="tile-open" aria-expanded={props.open ?? false} onClick={() => open()()}>
                {props.title}
              </button>
            )}
          </Show>
        </h2>
        <Show when={props.stale}>
          <Badge tone="neutral">stale</Badge>
        </Show>
        <Show when={props.level !== undefined && props.level !== 'ok' && props.level}>
          {(level) => <Badge tone={level()}>{level()}</Badge>}
        </Show>
      </header>
      <p class="tile-value">
        {value().number}
        <Show when={value().unit}>
          {'\u{a0}'}
          <span class="tile-unit">{value().unit}</span>
        </Show>
      </p>
      <Show when={props.note}>
        <p class="tile-note">{props.note}</p>
      </Show>
      {props.children}
    </article>
  )
}

/** Lays tiles out: as many in a row as fit. */
export function Tiles(props: { readonly label: string; readonly children: JSX.Element }) {
  return (
    <section class="tiles" aria-label={props.label}>
      {props.children}
    </section>
  )
}
