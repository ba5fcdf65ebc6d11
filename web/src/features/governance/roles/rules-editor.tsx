import { Index } from 'solid-js'
import type { CapabilityList, RoleRule } from '../../../../../src/features/governance/contract.ts'

export interface RulesEditorProps {
  readonly rules: readonly RoleRule[]
  readonly list: CapabilityList['capabilities']
  readonly locked: boolean
  readonly onChange: (rules: RoleRule[]) => void
}

/** A role's own rules: what it allows or denies, and on what. */
export function RulesEditor(props: RulesEditorProps) {
  const change = (index: number, more: Partial<RoleRule>) =>
    props.onChange(props.rules.map((rule, at) => (at === index ? { ...rule, ...more } : rule)))
  const add = () => {
    const used = new Set(props.rules.map(({ capability }) => capability))
    const capability = props.list.find(({ key }) => !used.has(key))?.key ?? props.list[0]?.key
    if (capability !== undefined) props.onChange([...props.rules, { capability, effect: 'allow', scope: '*' }])
  }
  return (
    <fieldset class="roles-rules" disabled={props.locked}>
      <legend>Own rules</legend>
      <p class="governance-quiet">
        A denial wins over whatever allows. Scope: <code>*</code> for everything, <code>model:llama*</code> for some.
      </p>
      <Index each={props.rules} fallback={<p class="governance-quiet">None: it has what the roles below it have.</p>}>
        {(rule, index) => (
          <Rule
            rule={rule()}
            place={index + 1}
            list={props.list}
            onChange={(more) => change(index, more)}
            onRemove={() => props.onChange(props.rules.filter((_, at) => at !== index))}
          />
        )}
      </Index>
      <div>
        <button type="button" class="button" onClick={add}>
          Add a rule
        </button>
      </div>
    </fieldset>
  )
}

interface RuleProps {
  readonly rule: RoleRule
  readonly place: number
  readonly list: CapabilityList['capabilities']
  readonly onChange: (more: Partial<RoleRule>) => void
  readonly onRemove: () => void
}

function Rule(props: RuleProps) {
  // A role may still speak of a capability that a newer Aura no longer has.
  const keys = () => [...new Set([...props.list.map(({ key }) => key), props.rule.capability])]
  return (
    <div class="roles-rule" role="group" aria-label={`Rule ${props.place}`}>
      <select
        class="input"
        aria-label="Capability"
        value={props.rule.capability}
        onInput={(event) => props.onChange({ capability: event.currentTarget.value })}
      >
        {keys().map((key) => (
          <option value={key} selected={key === props.rule.capability}>
            {key}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label="Effect"
        onInput={(event) => props.onChange({ effect: event.currentTarget.value as RoleRule['effect'] })}
      >
        <option value="allow" selected={props.rule.effect === 'allow'}>
          allow
        </option>
        <option value="deny" selected={props.rule.effect === 'deny'}>
          deny
        </option>
      </select>
      <input
        class="input"
        aria-label="Scope"
        required
        maxLength={200}
        spellcheck={false}
        value={props.rule.scope}
        onChange={(event) => props.onChange({ scope: event.currentTarget.value.trim() || '*' })}
      />
      <button
        type="button"
        class="button-quiet"
        aria-label={`Remove rule ${props.place}`}
        onClick={() => props.onRemove()}
      >
        <span aria-hidden="true">✕</span>
      </button>
    </div>
  )
}
