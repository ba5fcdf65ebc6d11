import { createUniqueId, For } from 'solid-js'
import './segments.css'

export interface SegmentsProps<Value extends string | number> {
  readonly label: string
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}

/** One choice of a few, such as the range of the graphs: radio buttons side by side. */
export function Segments<Value extends string | number>(props: SegmentsProps<Value>) {
  const name = createUniqueId()
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{props.label}</legend>
      <For each={props.options}>
        {(option) => (
          <label class="segment">
            <input
              type="radio"
              name={name}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
