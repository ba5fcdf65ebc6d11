import { createSignal, For, Show } from 'solid-js'
import type { RolesPlan } from '../../../../../src/features/governance/code/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { AreaField, Field } from '../../../ui/field.tsx'
import { Form } from '../../../ui/form.tsx'
import { StateBanner } from '../../../ui/state-banner.tsx'
import { NoRight } from '../../load-banner.tsx'
import { outcome } from '../../refusal-text.ts'
import { changeLines, planSummary, type Change } from './plan-lines.ts'
import './code.css'

/** The whole policy as one file: take it along, plan a changed one, apply it. */
export function Page() {
  const account = useAccount()
  return (
    <div class="governance-page">
      <header class="governance-head">
        <h1>Roles as code</h1>
        <Show when={account.may('role:read')}>
          <a class="button button-link" href="/api/governance/roles.yaml" download="roles.yaml" rel="external">
            Export roles.yaml
          </a>
        </Show>
      </header>
      <Show when={account.may('role:read')} fallback={<NoRight capability="role:read" />}>
        <Planning />
      </Show>
    </div>
  )
}

/** Larger files the server would refuse. */
const mostBytes = 1_000_000

function Planning() {
  const account = useAccount()
  const [yaml, setYaml] = createSignal('')
  const [plan, setPlan] = createSignal<RolesPlan>()
  const [applied, setApplied] = createSignal(false)
  const acting = createActing()
  const edit = (text: string) => {
    setYaml(text)
    setPlan(undefined)
    setApplied(false)
  }
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    edit(file.size > mostBytes ? '# this file is too large' : await file.text())
  }
  const ask = async () =>
    outcome(await account.send<RolesPlan>('POST', '/api/governance/roles/plan', { yaml: yaml() }), setPlan)
  return (
    <>
      <Card title="File" note="Planning changes nothing. A file names users by login and holds no passwords.">
        <Form acting={acting} onSend={ask} send="Plan" disabled={yaml().trim() === ''}>
          <Field label="Choose a file">
            {(control) => (
              <input
                {...control}
                class="input"
                type="file"
                accept=".yaml,.yml,text/yaml"
                onChange={(event) => void read(event.currentTarget.files?.[0])}
              />
            )}
          </Field>
          <AreaField label="Or paste it" code rows={12} value={yaml()} onInput={edit} />
        </Form>
      </Card>
      <div role="status">
        <Show when={applied()}>
          <StateBanner state="empty" title="Applied">
            The policy is as the file says.
          </StateBanner>
        </Show>
      </div>
      <Show when={plan()}>
        {(known) => (
          <PlanCard
            plan={known()}
            yaml={yaml()}
            onApplied={() => {
              setPlan(undefined)
              setApplied(true)
            }}
          />
        )}
      </Show>
    </>
  )
}

function PlanCard(props: { readonly plan: RolesPlan; readonly yaml: string; readonly onApplied: () => void }) {
  const account = useAccount()
  const acting = createActing()
  const apply = async (): Promise<string | undefined> => {
    const body = { yaml: props.yaml, policyVersion: props.plan.policyVersion }
    const sent = await account.send<RolesPlan>('POST', '/api/governance/roles/apply', body)
    if (sent.refusal?.code === 'VERSION_CONFLICT')
      return 'The policy has changed since this plan was made. Plan again, and look at what is different.'
    return outcome(sent, props.onApplied)
  }
  const nothing = () => props.plan.errors.length === 0 && props.plan.changes.length === 0
  return (
    <Card title="Plan" note={`Against version ${props.plan.policyVersion}: ${planSummary(props.plan.changes)}.`}>
      <Show when={props.plan.errors.length > 0}>
        <StateBanner state="error" title="The file cannot be applied">
          <ul class="code-errors">
            <For each={props.plan.errors}>{(error) => <li>{error}</li>}</For>
          </ul>
        </StateBanner>
      </Show>
      <Show when={nothing()}>
        <p>Nothing would change: the policy is as the file says already.</p>
      </Show>
      <For each={props.plan.changes}>{(change) => <ChangeView change={change} />}</For>
      <Show when={props.plan.changes.length > 0}>
        <Form
          acting={acting}
          onSend={apply}
          send={`Apply ${props.plan.changes.length} ${props.plan.changes.length === 1 ? 'change' : 'changes'}`}
          disabled={!account.may('role:edit')}
        >
          <p class="governance-quiet">All of it or nothing.</p>
        </Form>
      </Show>
    </Card>
  )
}

const ops: Readonly<Record<Change['op'], { readonly word: string; readonly tone: Tone }>> = {
  create: { word: 'create', tone: 'ok' },
  update: { word: 'change', tone: 'info' },
  delete: { word: 'delete', tone: 'critical' },
}
const signs = { same: ' ', added: '+', removed: '-' } as const

function ChangeView(props: { readonly change: Change }) {
  return (
    <section class="code-change">
      <h3>
        <Badge tone={ops[props.change.op].tone}>{ops[props.change.op].word}</Badge> {props.change.kind}{' '}
        {props.change.id}
      </h3>
      <pre class="code-diff" tabindex="0" role="region" aria-label={`${props.change.kind} ${props.change.id}`}>
        <For each={changeLines(props.change)}>
          {(line) => (
            <span data-kind={line.kind}>
              {signs[line.kind]} {line.text}
              {'\n'}
            </span>
          )}
        </For>
      </pre>
    </section>
  )
}
