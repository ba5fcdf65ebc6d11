import { Show } from 'solid-js'

export interface PagerProps {
  /** Where the page shown begins; undefined for the first one. */
  readonly at: string | undefined
  readonly next: string | undefined
  readonly go: (at: string | undefined) => void
  readonly first?: string
  readonly further?: string
}

/** The way on and back in a list that is paged by key; nothing where all of it is in sight. */
export function Pager(props: PagerProps) {
  return (
    <Show when={props.next !== undefined || props.at !== undefined}>
      <div class="governance-buttons">
        <button type="button" class="button" disabled={props.at === undefined} onClick={() => props.go(undefined)}>
          {props.first ?? 'Newest'}
        </button>
        <button type="button" class="button" disabled={props.next === undefined} onClick={() => props.go(props.next)}>
          {props.further ?? 'Older'}
        </button>
      </div>
    </Show>
  )
}
