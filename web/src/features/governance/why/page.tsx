import { createSignal, For, Show } from 'solid-js'
import type { CapabilityList, RoleTree, UserView, Why } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { SelectField, TextField, type Choice } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { createLoaded } from '../../loaded.ts'
import { outcome } from '../../refusal-text.ts'
import { grantorsText } from '../../why-not.tsx'
import { UserPicker } from '../user-picker.tsx'
import { roleName } from '../words.ts'

/** May somebody do something, why or why not, and who could change that. */
export function Page() {
  const account = useAccount()
  const others = () => account.may('role:read') && account.may('user:read')
  const list = createLoaded<CapabilityList>(() =>
    account.may('role:read') ? '/api/governance/capabilities' : undefined,
  )
  const [user, setUser] = createSignal<UserView>()
  const [capability, setCapability] = createSignal('')
  const [object, setObject] = createSignal('')
  const [why, setWhy] = createSignal<Why>()
  const acting = createActing()
  const keys = () => list.value()?.capabilities.map(({ key }) => ({ value: key, label: key })) ?? []
  const ask = async (): Promise<string | undefined> => {
    setWhy(undefined)
    const about = user()
    const body = {
      capability: capability() || (keys()[0]?.value ?? ''),
      ...(about !== undefined && { user: about.id }),
      ...(object().trim() !== '' && { object: object().trim() }),
    }
    return outcome(await account.send<Why>('POST', '/api/governance/why', body), setWhy)
  }
  return (
    <div class="governance-page">
      <h1>Why</h1>
      <Card title="May they?" note="Answers from the policy as it is now; nothing is done.">
        <div class="governance-narrow">
          <Form acting={acting} onSend={ask} send="Ask">
            <Show when={others()}>
              <UserPicker label="Who" hint="Empty: yourself." onPick={setUser} />
            </Show>
            <CapabilityField keys={keys()} value={capability()} onInput={setCapability} />
            <TextField
              label="On what"
              hint="Such as model:llama3.2:3b. Empty: on anything at all."
              maxLength={200}
              value={object()}
              onInput={setObject}
            />
          </Form>
        </div>
      </Card>
      <div role="status">
        <Show when={why()}>{(answer) => <Answer why={answer()} />}</Show>
      </div>
    </div>
  )
}

interface CapabilityFieldProps {
  readonly keys: readonly Choice[]
  readonly value: string
  readonly onInput: (value: string) => void
}

/** One of the list for those who may see it; typed in by the others. */
function CapabilityField(props: CapabilityFieldProps) {
  return (
    <Show
      when={props.keys.length > 0}
      fallback={
        <TextField
          label="Capability"
          hint="Such as models:delete."
          required
          value={props.value}
          onInput={props.onInput}
        />
      }
    >
      <SelectField label="Capability" value={props.value} onInput={props.onInput} choices={props.keys} />
    </Show>
  )
}

function Answer(props: { readonly why: Why }) {
  const account = useAccount()
  const roles = createLoaded<RoleTree>(() => (account.may('role:read') ? '/api/governance/roles' : undefined))
  const name = (id: string) => roleName(roles.value()?.roles, id)
  return (
    <Card
      title={props.why.sentence}
      aside={<Badge tone={props.why.allow ? 'ok' : 'critical'}>{props.why.allow ? 'allowed' : 'not allowed'}</Badge>}
    >
      <dl class="governance-facts">
        <dt>Reason</dt>
        <dd>{props.why.reason}</dd>
        <Show when={props.why.path.length > 0}>
          <dt>Path</dt>
          <dd>
            <For each={props.why.path}>
              {(id, index) => (
                <>
                  {index() > 0 ? ' → ' : ''}
                  {name(id)}
                </>
              )}
            </For>
          </dd>
        </Show>
        <Show when={props.why.rule}>
          {(rule) => (
            <>
              <dt>Rule</dt>
              <dd>
                {rule().effect} <code>{rule().capability}</code> on <code>{rule().scope}</code> in {name(rule().role)}
              </dd>
            </>
          )}
        </Show>
        <dt>Policy</dt>
        <dd>version {props.why.policyVersion}</dd>
        <dt>Who could grant it</dt>
        <dd>{grantorsText(props.why.grantors)}</dd>
      </dl>
    </Card>
  )
}
