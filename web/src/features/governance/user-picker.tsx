import { createEffect, createMemo, createSignal, createUniqueId, For, on } from 'solid-js'
import type { UserPage, UserView } from '../../../../src/features/governance/contract.ts'
import { withQuery } from '../../account/request.ts'
import { TextField } from '../../ui/field.tsx'
import { createLoaded } from '../loaded.ts'

/** A user as they stand in a list to choose from: name and login, so that two of one name differ. */
export const userLabel = ({ name, login, id }: Pick<UserView, 'name' | 'login' | 'id'>): string =>
  `${name} (${login ?? id})`

export interface UserPickerProps {
  readonly label: string
  readonly hint?: string
  readonly onPick: (user: UserView | undefined) => void
  readonly first?: boolean
  readonly required?: boolean
}

/** A field that finds a user by part of a name; what is chosen is one that exists. */
export function UserPicker(props: UserPickerProps) {
  const [text, setText] = createSignal('')
  const id = createUniqueId()
  const search = createMemo(() => text().replace(/ \([^)]*\)$/, ''))
  const loaded = createLoaded<UserPage>(() => withQuery('/api/governance/users', { search: search(), limit: 20 }))
  const users = () => loaded.value()?.users.filter(({ state }) => state !== 'erased') ?? []
  const find = (typed: string) => users().find((user) => userLabel(user) === typed || user.login === typed)
  const picked = createMemo(() => find(text()))
  createEffect(
    on(
      () => picked()?.id,
      () => props.onPick(picked()),
    ),
  )
  const error = () =>
    text() !== '' && picked() === undefined && !loaded.loading() && users().length === 0
      ? 'Nobody of that name.'
      : undefined
  return (
    <>
      <TextField
        label={props.label}
        hint={props.hint ?? 'Begin to type a name, then choose.'}
        error={error()}
        list={id}
        first={props.first ?? false}
        required={props.required ?? false}
        value={text()}
        onInput={setText}
      />
      <datalist id={id}>
        <For each={users()}>{(user) => <option value={userLabel(user)} />}</For>
      </datalist>
    </>
  )
}
