import { createUniqueId, Show, type JSX } from 'solid-js'
import './card.css'

export interface CardProps {
  readonly title: string
  /** Level of the heading; 2 unless said. */
  readonly level?: 2 | 3
  /** One line below the heading. */
  readonly note?: JSX.Element
  /** Buttons or badges at the end of the heading's line. */
  readonly aside?: JSX.Element
  /** Takes the whole width of a grid. */
  readonly wide?: boolean
  readonly children: JSX.Element
}

/** A titled region of a page. */
export function Card(props: CardProps) {
  const id = createUniqueId()
  return (
    <section class="card" classList={{ 'card-wide': props.wide ?? false }} aria-labelledby={id}>
      <header class="card-head">
        <Show when={props.level === 3} fallback={<h2 id={id}>{props.title}</h2>}>
          <h3 id={id}>{props.title}</h3>
        </Show>
        <div class="card-aside">{props.aside}</div>
      </header>
      <Show when={props.note}>
        <p class="card-note">{props.note}</p>
      </Show>
      {props.children}
    </section>
  )
}
