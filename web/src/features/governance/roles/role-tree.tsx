import { createMemo, Show } from 'solid-js'
import type { RoleView } from '../../../../../src/features/governance/contract.ts'
import { Tree } from '../../../ui/tree.tsx'

export interface RoleTreeViewProps {
  readonly roles: readonly RoleView[]
  readonly selected: string | undefined
  readonly onSelect: (id: string) => void
}

/** The roles as a tree, each with its trust and how many hold it. */
export function RoleTreeView(props: RoleTreeViewProps) {
  const byId = createMemo(() => new Map(props.roles.map((role) => [role.id, role])))
  const items = () => props.roles.map(({ id, parent, name }) => ({ id, parent, label: name }))
  return (
    <Tree
      label="Roles"
      items={items()}
      selected={props.selected}
      onSelect={props.onSelect}
      line={(id) => <Show when={byId().get(id)}>{(role) => <Line role={role()} />}</Show>}
    />
  )
}

const Line = (props: { readonly role: RoleView }) => (
  <>
    <span>{props.role.name}</span>
    <span class="roles-trust">
      <span class="roles-trust-bar" aria-hidden="true">
        <span style={{ 'inline-size': `${props.role.trust}%` }} />
      </span>
      trust {props.role.trust}
    </span>
    <span class="governance-quiet">{props.role.holders === 0 ? 'nobody' : `held by ${props.role.holders}`}</span>
  </>
)
