import { createSignal, For, Show } from 'solid-js'
import type { EffectiveRights, RoleTree } from '../../../../../src/features/governance/contract.ts'
import { Badge } from '../../../ui/badge.tsx'
import { DataTable, type Column } from '../../../ui/data-table.tsx'
import { Disclosure } from '../../../ui/disclosure.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { createLoaded } from '../../loaded.ts'
import { roleName, verdicts } from '../words.ts'

type Row = EffectiveRights['capabilities'][number]
type From = Row['from'][number]

/** `allow on * from Viewer (Operator → Member → Viewer)`; the path where it has more than one step. */
export function fromText({ effect, scope, role, path }: From, name: (id: string) => string): string {
  const way = path.length > 1 ? ` (${path.map(name).join(' → ')})` : ''
  return `${effect} on ${scope} from ${name(role)}${way}`
}

const columns = (name: (id: string) => string): readonly Column<Row>[] => [
  {
    id: 'capability',
    header: 'Capability',
    cell: (row) => <code>{row.capability}</code>,
    sort: (row) => row.capability,
  },
  {
    id: 'verdict',
    header: 'Is',
    cell: (row) => <Badge tone={verdicts[row.verdict].tone}>{verdicts[row.verdict].word}</Badge>,
    sort: (row) => row.verdict,
  },
  {
    id: 'from',
    header: 'Because',
    cell: (row) => (
      <For each={row.from} fallback="nothing speaks of it">
        {(from) => <div>{fromText(from, name)}</div>}
      </For>
    ),
  },
]

export interface EffectiveProps {
  readonly id: string
  /** Of the policy: another one is another answer. */
  readonly version: number
  readonly tree: RoleTree
}

/** What a role comes to, with where each right comes from. */
export function Effective(props: EffectiveProps) {
  return (
    <Disclosure label="Effective permissions, and where each comes from">
      <Rights {...props} />
    </Disclosure>
  )
}

function Rights(props: EffectiveProps) {
  const loaded = createLoaded<EffectiveRights>(() => `/api/governance/roles/${props.id}/effective?v=${props.version}`)
  const [granted, setGranted] = createSignal(true)
  const rows = () => (loaded.value()?.capabilities ?? []).filter(({ verdict }) => !granted() || verdict !== 'none')
  return (
    <>
      <LoadBanner loaded={loaded} capability="role:read" what="the permissions" />
      <Show when={loaded.value()}>
        <label class="check">
          <input type="checkbox" checked={!granted()} onChange={(event) => setGranted(!event.currentTarget.checked)} />
          Also what is not granted
        </label>
        <DataTable
          caption="Effective permissions"
          captionHidden
          rows={rows()}
          columns={columns((id) => roleName(props.tree.roles, id))}
          rowKey={(row) => row.capability}
          empty="None at all."
        />
      </Show>
    </>
  )
}
