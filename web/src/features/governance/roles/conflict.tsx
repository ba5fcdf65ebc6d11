import { createSignal, For } from 'solid-js'
import type { RoleView } from '../../../../../src/features/governance/contract.ts'
import { createActing } from '../../../ui/acting.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import type { SaveRole } from './editor.tsx'
import { differences, fieldsOf, merged, proposed, type Difference, type RoleFields } from './merge.ts'

export interface ConflictProps {
  readonly draft: { readonly base: () => RoleView | undefined; readonly mine: () => RoleFields | undefined }
  /** As it is now. */
  readonly theirs: RoleView
  readonly save: SaveRole
  readonly onClose: () => void
}

/** Two people changed one role: shows both, field by field, and saves what is chosen. */
export function Conflict(props: ConflictProps) {
  const theirs = () => fieldsOf(props.theirs)
  const mine = () => props.draft.mine() ?? theirs()
  const base = () => {
    const found = props.draft.base()
    return found === undefined ? theirs() : fieldsOf(found)
  }
  // oxlint-disable-next-line solid/reactivity
  const [choices, setChoices] = createSignal(proposed(base(), mine(), theirs()))
  const acting = createActing()
  return (
    <Dialog title="Somebody else was faster" onClose={() => props.onClose()} wide>
      <p>
        The role is at version {props.theirs.version} now. Choose for each difference which one is to be; what only one
        of you changed is chosen already.
      </p>
      <Form
        acting={acting}
        onSend={() => props.save(merged(mine(), theirs(), choices()), props.theirs.version)}
        send="Save the merged role"
        onCancel={() => props.onClose()}
      >
        <For each={differences(base(), mine(), theirs())} fallback={<p>Both of you made the same change.</p>}>
          {(difference) => (
            <Choose
              difference={difference}
              choice={choices()[difference.field] ?? 'theirs'}
              onChoose={(choice) => setChoices((before) => ({ ...before, [difference.field]: choice }))}
            />
          )}
        </For>
      </Form>
    </Dialog>
  )
}

interface ChooseProps {
  readonly difference: Difference
  readonly choice: 'mine' | 'theirs'
  readonly onChoose: (choice: 'mine' | 'theirs') => void
}

function Choose(props: ChooseProps) {
  const sides = [
    ['mine', 'Yours'],
    ['theirs', 'Theirs'],
  ] as const
  return (
    <fieldset class="roles-diff">
      <legend>
        <strong>{props.difference.field}</strong>
        {props.difference.clash ? ', changed by both' : ''}
      </legend>
      <For each={sides}>
        {([side, word]) => (
          <label class="check">
            <input
              type="radio"
              name={props.difference.field}
              checked={props.choice === side}
              onChange={() => props.onChoose(side)}
            />
            <span>
              {word}: <pre>{props.difference[side]}</pre>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
