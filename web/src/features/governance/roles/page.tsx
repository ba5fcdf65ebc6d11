import { createMemo, createSignal, Show } from 'solid-js'
import type { CapabilityList, RoleTree } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { Card } from '../../../ui/card.tsx'
import { Segments } from '../../../ui/segments.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { createLoaded } from '../../loaded.ts'
import { createFollowed } from '../follow.ts'
import { CreateRole } from './create.tsx'
import { RoleEditor } from './editor.tsx'
import { Matrix } from './matrix.tsx'
import { Separations } from './separations.tsx'
import { RoleTreeView } from './role-tree.tsx'
import './roles.css'

const views = [
  { value: 'tree', label: 'Tree' },
  { value: 'table', label: 'Table' },
] as const

/** Roles: the tree of them, the same as a table, and one of them in full. */
export function Page() {
  const account = useAccount()
  const loaded = createFollowed<RoleTree>(() => '/api/governance/roles', ['policy'])
  const list = createLoaded<CapabilityList>(() => '/api/governance/capabilities')
  const [view, setView] = createSignal<'tree' | 'table'>('tree')
  const [making, setMaking] = createSignal(false)
  return (
    <div class="governance-page">
      <header class="governance-head">
        <h1>Roles</h1>
        <div class="governance-buttons">
          <Segments label="Show as" options={views} value={view()} onChange={setView} />
          <button type="button" class="button" disabled={!account.may('role:edit')} onClick={() => setMaking(true)}>
            New role…
          </button>
        </div>
      </header>
      <LoadBanner loaded={loaded} capability="role:read" what="the roles" />
      <Show when={loaded.value()}>
        {(tree) => (
          <>
            <Known tree={tree()} list={list.value()} view={view()} onChanged={loaded.reload} />
            <Separations tree={tree()} list={list.value()} />
            <Show when={making()}>
              <CreateRole tree={tree()} onClose={() => setMaking(false)} onDone={loaded.reload} />
            </Show>
          </>
        )}
      </Show>
    </div>
  )
}

interface KnownProps {
  readonly tree: RoleTree
  readonly list: CapabilityList | undefined
  readonly view: 'tree' | 'table'
  readonly onChanged: () => void
}

function Known(props: KnownProps) {
  const [chosen, setChosen] = createSignal<string>()
  const role = createMemo(() => props.tree.roles.find(({ id }) => id === chosen()) ?? props.tree.roles[0])
  const capabilities = () => props.list?.capabilities ?? []
  return (
    <>
      <Show
        when={props.view === 'tree'}
        fallback={
          <Card
            title="Roles and capabilities"
            note="What each role allows, its own rules and those of the roles below it."
          >
            <Matrix roles={props.tree.roles} capabilities={capabilities()} />
          </Card>
        }
      >
        <div class="roles">
          <Card title="Tree" note="A role may do whatever those below it may. Trust says who may grant what to whom.">
            <RoleTreeView roles={props.tree.roles} selected={role()?.id} onSelect={setChosen} />
          </Card>
          <Show when={role()?.id} keyed>
            {(id) => <RoleEditor id={id} tree={props.tree} list={capabilities()} onChanged={props.onChanged} />}
          </Show>
        </div>
      </Show>
    </>
  )
}
