import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import type { CapabilityList, RoleTree, RoleView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing, type Acting } from '../../../ui/acting.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { AreaField, TextField } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { StateBanner } from '../../../ui/state-banner.tsx'
import { refusalText } from '../../refusal-text.ts'
import { roleName } from '../words.ts'
import { Conflict } from './conflict.tsx'
import { DeleteRole } from './delete.tsx'
import { Effective } from './effective.tsx'
import { fieldsOf, fieldText, fieldNames, type RoleFields } from './merge.ts'
import { MoveRole } from './move.tsx'
import { RulesEditor } from './rules-editor.tsx'

export interface RoleEditorProps {
  readonly id: string
  readonly tree: RoleTree
  readonly list: CapabilityList['capabilities']
  readonly onChanged: () => void
}

const same = (left: RoleFields, right: RoleFields): boolean =>
  fieldNames.every((field) => fieldText(left, field) === fieldText(right, field))

/** What is edited of a role, against what it was when that began. */
function createDraft(role: () => RoleView | undefined) {
  // oxlint-disable-next-line solid/reactivity
  const [base, setBase] = createSignal<RoleView | undefined>(role())
  const [mine, setMine] = createSignal<RoleFields | undefined>(base() && fieldsOf(base() as RoleView))
  const start = (from: RoleView): void => {
    setBase(from)
    setMine(fieldsOf(from))
  }
  const dirty = createMemo(() => {
    const [was, now] = [base(), mine()]
    return was !== undefined && now !== undefined && !same(fieldsOf(was), now)
  })
  // Somebody else changed it, and nothing here would be lost.
  createEffect(on(role, (now) => now !== undefined && !dirty() && start(now)))
  const change = (more: Partial<RoleFields>): void => void setMine((before) => before && { ...before, ...more })
  return { base, mine, dirty, start, change }
}

type Draft = ReturnType<typeof createDraft>

/** One role: its name, trust, rules and place in the tree, and what all of it comes to. */
export function RoleEditor(props: RoleEditorProps) {
  const account = useAccount()
  const role = createMemo(() => props.tree.roles.find(({ id }) => id === props.id))
  const draft = createDraft(role)
  const [clash, setClash] = createSignal<RoleView>()
  const [moving, setMoving] = createSignal(false)
  const [deleting, setDeleting] = createSignal(false)
  const save = async (fields: RoleFields, version: number): Promise<string | undefined> => {
    const sent = await account.send<RoleView>('PUT', `/api/governance/roles/${props.id}`, { ...fields, version })
    if (sent.refusal === undefined) {
      setClash(undefined)
      draft.start(sent.value)
      props.onChanged()
      return undefined
    }
    if (sent.refusal.code !== 'VERSION_CONFLICT') return refusalText(sent.refusal)
    const now = await account.send<RoleTree>('GET', '/api/governance/roles')
    setClash(now.refusal === undefined ? now.value.roles.find(({ id }) => id === props.id) : undefined)
    return clash() === undefined ? 'Somebody has deleted this role meanwhile.' : undefined
  }
  const locked = () => !account.may('role:edit')
  const stale = () => draft.dirty() && (role()?.version ?? 0) > (draft.base()?.version ?? 0)
  return (
    <Card
      title={role()?.name ?? props.id}
      note={`id ${props.id}, version ${role()?.version ?? '–'}`}
      aside={
        <Buttons
          role={role()}
          locked={locked()}
          dirty={draft.dirty()}
          onMove={() => setMoving(true)}
          onDelete={() => setDeleting(true)}
        />
      }
    >
      <Show when={locked()}>
        <p class="governance-quiet">Changing roles takes the capability role:edit.</p>
      </Show>
      <Show when={stale()}>
        <StateBanner state="stale" title="Somebody else has just changed this role">
          Saving will show both, and let you choose.
        </StateBanner>
      </Show>
      <Editing draft={draft} list={props.list} tree={props.tree} locked={locked()} save={save} />
      <Effective id={props.id} version={props.tree.policyVersion} tree={props.tree} />
      <Show when={clash()}>
        {(theirs) => <Conflict draft={draft} theirs={theirs()} save={save} onClose={() => setClash(undefined)} />}
      </Show>
      <Show when={moving() && role()}>
        {(at) => <MoveRole role={at()} tree={props.tree} save={save} onClose={() => setMoving(false)} />}
      </Show>
      <Show when={deleting() && role()}>
        {(at) => <DeleteRole role={at()} onDone={props.onChanged} onClose={() => setDeleting(false)} />}
      </Show>
    </Card>
  )
}

interface ButtonsProps {
  readonly role: RoleView | undefined
  readonly locked: boolean
  /** Something is not saved yet, which moving would lose. */
  readonly dirty: boolean
  readonly onMove: () => void
  readonly onDelete: () => void
}

const Buttons = (props: ButtonsProps) => (
  <>
    <Show when={props.role?.builtIn}>
      <Badge tone="neutral">shipped</Badge>
    </Show>
    <Show when={props.role?.everything}>
      <Badge tone="warning">every right</Badge>
    </Show>
    <button
      type="button"
      class="button"
      disabled={props.locked || props.dirty || props.role?.everything}
      title={props.dirty ? 'Save what you changed first' : undefined}
      onClick={() => props.onMove()}
    >
      Move to…
    </button>
    <button
      type="button"
      class="button button-danger"
      disabled={props.locked || props.role?.builtIn}
      onClick={() => props.onDelete()}
    >
      Delete…
    </button>
  </>
)

export type SaveRole = (fields: RoleFields, version: number) => Promise<string | undefined>

interface EditingProps {
  readonly draft: Draft
  readonly list: CapabilityList['capabilities']
  readonly tree: RoleTree
  readonly locked: boolean
  readonly save: SaveRole
}

function Editing(props: EditingProps) {
  const acting: Acting = createActing()
  const mine = () => props.draft.mine()
  const send = async (): Promise<string | undefined> => {
    const [fields, base] = [mine(), props.draft.base()]
    return fields === undefined || base === undefined ? 'There is nothing to save' : props.save(fields, base.version)
  }
  return (
    <Show when={mine()}>
      {(fields) => (
        <Form acting={acting} onSend={send} send="Save" disabled={props.locked || !props.draft.dirty()}>
          <div class="form-row">
            <TextField
              label="Name"
              required
              disabled={props.locked}
              maxLength={100}
              value={fields().name}
              onInput={(name) => props.draft.change({ name })}
            />
            <TextField
              label="Trust"
              hint="0 to 100, never above the role it is below."
              type="number"
              min="0"
              max="100"
              required
              disabled={props.locked}
              value={String(fields().trust)}
              onInput={(trust) => props.draft.change({ trust: Number(trust) })}
            />
          </div>
          <AreaField
            label="Description"
            rows={2}
            maxLength={1000}
            value={fields().description}
            onInput={(description) => props.draft.change({ description })}
          />
          <p class="governance-quiet">
            Below:{' '}
            {fields().parent === undefined ? 'nothing, a root' : roleName(props.tree.roles, fields().parent ?? '')}
          </p>
          <Show
            when={!props.draft.base()?.everything}
            fallback={<p>This role holds every capability there is or will be; rules would change nothing.</p>}
          >
            <RulesEditor
              rules={fields().rules}
              list={props.list}
              locked={props.locked}
              onChange={(rules) => props.draft.change({ rules })}
            />
          </Show>
        </Form>
      )}
    </Show>
  )
}
