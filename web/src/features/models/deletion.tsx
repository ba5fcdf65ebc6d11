import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import type { ApprovalPage, ApprovalView } from '../../../../src/features/governance/approvals/contract.ts'
import { useAccount } from '../../account/context.ts'
import { useEvents } from '../../realtime/context.ts'
import { createActing } from '../../ui/acting.ts'
import { Badge } from '../../ui/badge.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { AreaField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { createLoaded } from '../loaded.ts'
import { outcome } from '../refusal-text.ts'

/** Deletions that were asked for, and the way to ask for one. */
export interface Deletions {
  /** Whether the deletion of this model waits for a second person. */
  readonly waits: (model: string) => boolean
  readonly may: () => boolean
  readonly ask: (model: string) => void
  readonly asking: () => string | undefined
  readonly close: () => void
  readonly asked: (approval: ApprovalView) => void
}

const path = '/api/governance/approvals?state=pending&limit=200'

/** Follows what waits, as far as one may see it; what was asked for here is known in any case. */
export function createDeletions(): Deletions {
  const account = useAccount()
  const [asking, setAsking] = createSignal<string>()
  const [own, setOwn] = createSignal<readonly ApprovalView[]>([])
  const sees = () => account.view() !== undefined && account.may('approval:read')
  const loaded = createLoaded<ApprovalPage>(() => (sees() ? path : undefined))
  useEvents('approvals', ({ id, state }) => {
    if (state !== 'pending') setOwn((known) => known.filter((each) => each.id !== id))
    loaded.reload()
  })
  const pending = () => [...own(), ...(loaded.value()?.approvals ?? [])]
  return {
    waits: (model) => pending().some(({ type, object }) => type === 'model.delete' && object === `model:${model}`),
    may: () => account.view() !== undefined && account.may('models:delete'),
    asking,
    ask: setAsking,
    close: () => setAsking(undefined),
    asked: (approval) => setOwn((known) => [...known, approval]),
  }
}

/** A model's way out: asked for here, approved by somebody else. */
export function DeleteCell(props: { readonly model: string; readonly deletions: Deletions }) {
  return (
    <Show
      when={!props.deletions.waits(props.model)}
      fallback={
        <A href="/governance/approvals">
          <Badge tone="warning">deletion waits</Badge>
        </A>
      }
    >
      <button
        type="button"
        class="button button-danger"
        disabled={!props.deletions.may()}
        onClick={() => props.deletions.ask(props.model)}
      >
        Delete… <span class="visually-hidden">{props.model}</span>
      </button>
    </Show>
  )
}

/** Asks why a model is to go; then it waits for a second person. */
export function DeleteDialog(props: { readonly model: string; readonly deletions: Deletions }) {
  const account = useAccount()
  const [reason, setReason] = createSignal('')
  const acting = createActing()
  const send = async (): Promise<string | undefined> => {
    const body = { model: props.model, reason: reason().trim() }
    return outcome(await account.send<ApprovalView>('POST', '/api/models/delete', body), (approval) => {
      props.deletions.asked(approval)
      props.deletions.close()
    })
  }
  return (
    <Dialog title={`Delete ${props.model}?`} onClose={() => props.deletions.close()}>
      <p>A second person must approve it, under Governance, Approvals. It is then gone from the disk.</p>
      <Form acting={acting} onSend={send} send="Ask for its deletion" danger onCancel={() => props.deletions.close()}>
        <AreaField label="Reason" required first maxLength={1000} value={reason()} onInput={setReason} />
      </Form>
    </Dialog>
  )
}
