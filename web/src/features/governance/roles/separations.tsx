import { createSignal, Show } from 'solid-js'
import type {
  CapabilityList,
  RoleTree,
  SeparationList,
  SeparationView,
} from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Card } from '../../../ui/card.tsx'
import { DataTable, type Column } from '../../../ui/data-table.tsx'
import { FormError } from '../../../ui/form.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { outcome } from '../../refusal-text.ts'
import { createFollowed } from '../follow.ts'
import { roleName } from '../words.ts'
import { CreateSeparation } from './create-separation.tsx'

export interface SeparationsProps {
  readonly tree: RoleTree
  readonly list: CapabilityList | undefined
}

/** What a separation forbids, in a line. */
function meaning({ kind, members, max }: SeparationView, tree: RoleTree): string {
  const names = members.map((id) => (kind === 'static' ? roleName(tree.roles, id) : id)).join(', ')
  return kind === 'static'
    ? `one person holds at most ${max} of ${names}`
    : `one person uses at most ${max} of ${names} on one object`
}

const columns = (
  tree: RoleTree,
  locked: () => boolean,
  remove: (row: SeparationView) => void,
): readonly Column<SeparationView>[] => [
  { id: 'name', header: 'Name', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'meaning', header: 'Means', cell: (row) => meaning(row, tree) },
  {
    id: 'delete',
    header: 'Delete',
    cell: (row) => (
      <button type="button" class="button button-danger" disabled={locked()} onClick={() => remove(row)}>
        Delete <span class="visually-hidden">{row.name}</span>
      </button>
    ),
  },
]

/** Duties that one person may not have together. */
export function Separations(props: SeparationsProps) {
  const account = useAccount()
  const loaded = createFollowed<SeparationList>(() => '/api/governance/separations', ['policy'])
  const [making, setMaking] = createSignal(false)
  const acting = createActing()
  const locked = () => !account.may('role:edit')
  const remove = ({ id }: SeparationView) =>
    void acting.run(async () =>
      outcome(await account.send('DELETE', `/api/governance/separations/${id}`), loaded.reload),
    )
  return (
    <Card
      title="Separation of duty"
      note="What one person may not have, or do, together."
      aside={
        <button type="button" class="button" disabled={locked()} onClick={() => setMaking(true)}>
          New separation…
        </button>
      }
    >
      <LoadBanner loaded={loaded} capability="role:read" what="the separations" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(known) => (
          <DataTable
            caption="Separations of duty"
            captionHidden
            rows={known().separations}
            columns={columns(props.tree, locked, remove)}
            rowKey={({ id }) => id}
          />
        )}
      </Show>
      <Show when={making()}>
        <CreateSeparation tree={props.tree} list={props.list} onDone={loaded.reload} onClose={() => setMaking(false)} />
      </Show>
    </Card>
  )
}
