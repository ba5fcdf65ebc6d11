import { createSignal, createUniqueId, Show, type JSX } from 'solid-js'
import './disclosure.css'

export interface DisclosureProps {
  readonly label: string
  /** Open at first; closed unless said. */
  readonly open?: boolean
  /** Rendered while open only. */
  readonly children: JSX.Element
}

/** A button that shows and hides what follows it. */
export function Disclosure(props: DisclosureProps) {
  // oxlint-disable-next-line solid/reactivity
  const [open, setOpen] = createSignal(props.open ?? false)
  const id = createUniqueId()
  return (
    <div class="disclosure">
      <button
        type="button"
        class="disclosure-button"
        aria-expanded={open()}
        aria-controls={id}
        onClick={() => setOpen(!open())}
      >
        <span class="disclosure-mark" aria-hidden="true">
          ▸
        </span>
        {props.label}
      </button>
      <div id={id}>
        <Show when={open()}>{props.children}</Show>
      </div>
    </div>
  )
}
