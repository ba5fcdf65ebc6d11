import { createUniqueId, For, Show, type JSX } from 'solid-js'
import './form.css'

/** What a control inside a field needs to be tied to its words. */
export interface FieldControl {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': 'true' | undefined
}

export interface FieldProps {
  readonly label: string
  readonly hint?: JSX.Element
  readonly error?: string | undefined
  readonly children: (control: FieldControl) => JSX.Element
}

/** A control with its label, a hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const id = createUniqueId()
  const control: FieldControl = {
    id,
    get 'aria-describedby'() {
      const ids = [props.hint === undefined ? '' : `${id}-hint`, props.error === undefined ? '' : `${id}-error`]
      return ids.filter((each) => each !== '').join(' ') || undefined
    },
    get 'aria-invalid'() {
      return props.error === undefined ? undefined : ('true' as const)
    },
  }
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(control)}
      <Show when={props.hint}>
        <p class="field-hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
      <Show when={props.error}>
        <p class="field-error" id={`${id}-error`}>
          {props.error}
        </p>
      </Show>
    </div>
  )
}

export interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string
  readonly onInput: (value: string) => void
  readonly type?: string
  readonly name?: string
  readonly autocomplete?: string
  readonly required?: boolean
  readonly maxLength?: number
  readonly disabled?: boolean
  readonly placeholder?: string
  readonly min?: string
  readonly max?: string
  /** Gets the focus when the dialog around it opens. */
  readonly first?: boolean
  readonly list?: string
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(control) => (
        <input
          {...control}
          class="input"
          type={props.type ?? 'text'}
          name={props.name}
          autocomplete={props.autocomplete ?? 'off'}
          required={props.required}
          maxLength={props.maxLength}
          disabled={props.disabled}
          placeholder={props.placeholder}
          min={props.min}
          max={props.max}
          list={props.list}
          data-first={props.first ? '' : undefined}
          spellcheck={false}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

export interface Choice {
  readonly value: string
  readonly label: string
}

export interface SelectFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string
  readonly onInput: (value: string) => void
  readonly choices: readonly Choice[]
  readonly disabled?: boolean
  readonly first?: boolean
}

/** One of many. */
export function SelectField(props: SelectFieldProps) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(control) => (
        <select
          {...control}
          class="input"
          disabled={props.disabled}
          data-first={props.first ? '' : undefined}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        >
          <For each={props.choices}>
            {(choice) => (
              <option value={choice.value} selected={choice.value === props.value}>
                {choice.label}
              </option>
            )}
          </For>
        </select>
      )}
    </Field>
  )
}

/** Several lines of text. */
export function AreaField(props: TextFieldProps & { readonly rows?: number; readonly code?: boolean }) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(control) => (
        <textarea
          {...control}
          class="input"
          classList={{ 'input-code': props.code ?? false }}
          rows={props.rows ?? 3}
          required={props.required}
          maxLength={props.maxLength}
          data-first={props.first ? '' : undefined}
          spellcheck={false}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
