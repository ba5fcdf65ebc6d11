import { createSignal, Show } from 'solid-js'
import type { ApprovalView } from '../../../../../src/features/governance/approvals/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { Disclosure } from '../../../ui/disclosure.tsx'
import { TextField } from '../../../ui/field.tsx'
import { FormError } from '../../../ui/form.tsx'
import { ago } from '../../../ui/format.ts'
import { outcome } from '../../refusal-text.ts'
import { nameOf, pretty } from '../words.ts'
import { countdown, shortHash, states, whyNotApprove } from './words.ts'

export interface ApprovalCardProps {
  readonly approval: ApprovalView
  readonly names: Readonly<Record<string, string>>
  readonly onDecided: (approval: ApprovalView) => void
}

/** One request: what exactly would be done, who asks and why, and the decision. */
export function ApprovalCard(props: ApprovalCardProps) {
  const { now } = useRealtime()
  const approval = () => props.approval
  return (
    <Card
      title={approval().summary}
      note={`Asked for by ${nameOf(props.names, approval().requestedBy)} ${ago(approval().requestedAt, now())}`}
      aside={
        <>
          <Show when={countdown(approval(), now())}>{(text) => <span role="timer">{text()}</span>}</Show>
          <Show when={approval().mine}>
            <Badge tone="info">yours</Badge>
          </Show>
          <Badge tone={states[approval().state].tone}>{states[approval().state].word}</Badge>
        </>
      }
    >
      <Facts approval={approval()} names={props.names} />
      <Show when={approval().state === 'pending'}>
        <Decision approval={approval()} onDecided={props.onDecided} />
      </Show>
    </Card>
  )
}

function Facts(props: Pick<ApprovalCardProps, 'approval' | 'names'>) {
  const { now } = useRealtime()
  const approval = () => props.approval
  return (
    <>
      <dl class="governance-facts">
        <dt>Reason</dt>
        <dd>{approval().reason}</dd>
        <dt>On</dt>
        <dd>
          <code>{approval().object}</code>
        </dd>
        <dt>Hash</dt>
        <dd>
          <code title={approval().hash}>{shortHash(approval().hash)}</code>
        </dd>
        <Show when={approval().decidedBy}>
          {(by) => (
            <>
              <dt>Decided</dt>
              <dd>
                by {nameOf(props.names, by())} {ago(approval().decidedAt, now())}
                <Show when={approval().comment}>: “{approval().comment}”</Show>
              </dd>
            </>
          )}
        </Show>
        <Show when={approval().outcome !== undefined}>
          <dt>Outcome</dt>
          <dd>{pretty(approval().outcome)}</dd>
        </Show>
      </dl>
      <Disclosure label="What exactly">
        <pre class="governance-json" tabindex="0">
          {approval().type} {pretty(approval().args)}
        </pre>
        <p class="governance-quiet">
          The hash is over exactly this. Were it changed, an approval given for it would be good for nothing.
        </p>
      </Disclosure>
    </>
  )
}

function Decision(props: Pick<ApprovalCardProps, 'approval' | 'onDecided'>) {
  const account = useAccount()
  const [comment, setComment] = createSignal('')
  const acting = createActing()
  const decide = (act: 'approve' | 'refuse' | 'withdraw') =>
    void acting.run(async () => {
      const { id, hash } = props.approval
      const said = comment().trim() === '' ? {} : { comment: comment().trim() }
      const bodies = { approve: { hash, ...said }, refuse: said, withdraw: undefined }
      return outcome(
        await account.send<ApprovalView>('POST', `/api/governance/approvals/${id}/${act}`, bodies[act]),
        props.onDecided,
      )
    })
  const why = () => whyNotApprove(props.approval)
  return (
    <>
      <Show when={why()}>{(text) => <p>{text()}</p>}</Show>
      <Show when={!props.approval.mine}>
        <div class="governance-narrow">
          <TextField label="Comment" maxLength={1000} value={comment()} onInput={setComment} />
        </div>
      </Show>
      <FormError acting={acting} />
      <div class="governance-buttons">
        <Show
          when={props.approval.mine}
          fallback={
            <>
              <button
                type="button"
                class="button button-main"
                disabled={why() !== undefined || acting.busy()}
                onClick={() => decide('approve')}
              >
                Approve
              </button>
              <button
                type="button"
                class="button button-danger"
                disabled={!account.may('action:approve') || acting.busy()}
                onClick={() => decide('refuse')}
              >
                Refuse
              </button>
            </>
          }
        >
          <button type="button" class="button" disabled={acting.busy()} onClick={() => decide('withdraw')}>
            Withdraw
          </button>
        </Show>
      </div>
    </>
  )
}
