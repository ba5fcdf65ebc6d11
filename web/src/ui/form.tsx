import { Show, type JSX } from 'solid-js'
import type { Acting } from './acting.ts'
import './form.css'

export interface FormProps {
  readonly acting: Acting
  /** Sends it; resolves with what went wrong, in words. */
  readonly onSend: () => Promise<string | undefined>
  readonly send: string
  readonly onCancel?: () => void
  readonly disabled?: boolean
  readonly danger?: boolean
  readonly children?: JSX.Element
}

/** Fields, what went wrong, and the button that sends them. */
export function Form(props: FormProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void props.acting.run(() => props.onSend())
      }}
    >
      {props.children}
      <FormError acting={props.acting} />
      <div class="form-buttons">
        <button
          type="submit"
          class="button"
          classList={{ 'button-main': !props.danger, 'button-danger': props.danger ?? false }}
          disabled={(props.disabled ?? false) || props.acting.busy()}
        >
          {props.send}
        </button>
        <Show when={props.onCancel}>
          <button type="button" class="button" onClick={() => props.onCancel?.()}>
            Cancel
          </button>
        </Show>
      </div>
    </form>
  )
}

/** What went wrong, announced at once. */
export function FormError(props: { readonly acting: Acting }) {
  return (
    <div role="alert">
      <Show when={props.acting.error()}>{(error) => <p class="form-error">{error()}</p>}</Show>
    </div>
  )
}
