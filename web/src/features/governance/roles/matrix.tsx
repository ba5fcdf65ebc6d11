import { createMemo, For, Show } from 'solid-js'
import type { CapabilityList, RoleView } from '../../../../../src/features/governance/contract.ts'
import { treeRows } from '../../../ui/tree-model.ts'
import '../../../ui/data-table.css'
import { verdicts } from '../words.ts'

export interface MatrixProps {
  readonly roles: readonly RoleView[]
  readonly capabilities: CapabilityList['capabilities']
}

/** More columns than that nobody reads; the tree has them all. */
const most = 100

/** Roles by capability, in the order of the tree, trust in the first line. */
export function Matrix(props: MatrixProps) {
  const roles = createMemo(() => {
    const byId = new Map(props.roles.map((role) => [role.id, role]))
    const items = props.roles.map(({ id, parent, name }) => ({ id, parent, label: name }))
    return treeRows(items, new Set()).flatMap(({ id }) => byId.get(id) ?? [])
  })
  return (
    <>
      <Show when={roles().length > most}>
        <p class="governance-quiet">
          The first {most} of {roles().length} roles.
        </p>
      </Show>
      <div class="table-scroll" tabindex="0" role="region" aria-label="Which role may do what">
        <table class="table roles-matrix">
          <caption class="visually-hidden">Which role may do what</caption>
          <thead>
            <tr>
              <th scope="col">Capability</th>
              <For each={roles().slice(0, most)}>{(role) => <th scope="col">{role.name}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Trust</th>
              <For each={roles().slice(0, most)}>{(role) => <td>{role.trust}</td>}</For>
            </tr>
            <For each={props.capabilities}>
              {({ key, description }) => (
                <tr>
                  <th scope="row" title={description}>
                    <code>{key}</code>
                  </th>
                  <For each={roles().slice(0, most)}>{(role) => <Cell verdict={role.effective[key] ?? 'none'} />}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </>
  )
}

const Cell = (props: { readonly verdict: keyof typeof verdicts }) => (
  <td class="roles-cell" data-verdict={props.verdict} title={verdicts[props.verdict].word}>
    <span aria-hidden="true">{verdicts[props.verdict].sign}</span>
    <span class="visually-hidden">{verdicts[props.verdict].word}</span>
  </td>
)
