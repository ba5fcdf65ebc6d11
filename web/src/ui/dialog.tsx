import { createUniqueId, onCleanup, onMount, type JSX } from 'solid-js'
import './dialog.css'

export interface DialogProps {
  readonly title: string
  /** Escape, the cross, or a click beside it. */
  readonly onClose: () => void
  /** Takes more room: for tables. */
  readonly wide?: boolean
  readonly children: JSX.Element
}

/** A window above the page, which waits meanwhile. Rendered while open; the focus goes back to where it was. */
export function Dialog(props: DialogProps) {
  const id = createUniqueId()
  let box: HTMLDialogElement | undefined
  const before = document.activeElement
  onMount(() => {
    if (typeof box?.showModal === 'function') box.showModal()
    else box?.setAttribute('open', '')
    box?.querySelector<HTMLElement>('[data-first]')?.focus()
  })
  onCleanup(() => {
    if (box?.open === true && typeof box.close === 'function') box.close()
    if (before instanceof HTMLElement && before.isConnected) before.focus()
  })
  return (
    <dialog
      ref={(element) => (box = element)}
      class="dialog"
      classList={{ 'dialog-wide': props.wide ?? false }}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <button type="button" class="button-quiet" aria-label="Close" onClick={() => props.onClose()}>
          <span aria-hidden="true">✕</span>
        </button>
      </header>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  )
}
