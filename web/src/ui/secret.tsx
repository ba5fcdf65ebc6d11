import { createSignal } from 'solid-js'
import './form.css'

/** Something that is shown once, with a button that copies it. */
export function Secret(props: { readonly label: string; readonly value: string }) {
  const [said, setSaid] = createSignal('Copy')
  const copy = async (): Promise<void> => {
    // Missing on plain HTTP from another machine: then it is marked, to be copied by hand.
    const done = await (navigator.clipboard?.writeText(props.value) ?? Promise.reject(new Error('none'))).then(
      () => true,
      () => false,
    )
    setSaid(done ? 'Copied' : 'Select it and copy')
  }
  return (
    <div class="secret" role="group" aria-label={props.label}>
      <code>{props.value}</code>
      <button type="button" class="button" onClick={() => void copy()}>
        <span role="status">{said()}</span>
      </button>
    </div>
  )
}
