import { createMemo, createSignal, Show } from 'solid-js'
import type { UserPage, UserView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { withQuery } from '../../../account/request.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Card } from '../../../ui/card.tsx'
import { DataTable, type Column } from '../../../ui/data-table.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { ago } from '../../../ui/format.ts'
import { LoadBanner } from '../../load-banner.tsx'
import { Pager } from '../../pager.tsx'
import { createFollowed } from '../follow.ts'
import { CreateUser } from './create-user.tsx'
import { UserDialog } from './user-dialog.tsx'

const tones: Readonly<Record<UserView['state'], Tone>> = {
  active: 'ok',
  invited: 'info',
  locked: 'critical',
  erased: 'neutral',
}
const states = [
  { value: '', label: 'any' },
  { value: 'active', label: 'active' },
  { value: 'invited', label: 'invited' },
  { value: 'locked', label: 'locked' },
  { value: 'erased', label: 'erased' },
]

const columns = (now: () => number, open: (user: UserView) => void): readonly Column<UserView>[] => [
  { id: 'name', header: 'Name', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'login', header: 'User name', cell: (row) => row.login ?? '–', sort: (row) => row.login },
  {
    id: 'state',
    header: 'State',
    cell: (row) => <Badge tone={tones[row.state]}>{row.state}</Badge>,
    sort: (row) => row.state,
  },
  { id: 'roles', header: 'Roles', cell: (row) => row.roles.join(', ') || 'none' },
  {
    id: 'trust',
    header: 'Trust',
    cell: (row) => (row.trust < 0 ? '–' : row.trust),
    sort: (row) => row.trust,
    numeric: true,
  },
  { id: 'methods', header: 'Signs in by', cell: (row) => row.methods.join(', ') || '–', minor: true },
  {
    id: 'seen',
    header: 'Last seen',
    cell: (row) => (row.lastSeenAt === undefined ? 'never' : ago(row.lastSeenAt, now())),
    sort: (row) => row.lastSeenAt,
  },
  {
    id: 'open',
    header: 'Manage',
    cell: (row) => (
      <button type="button" class="button" onClick={() => open(row)}>
        Manage… <span class="visually-hidden">{row.name}</span>
      </button>
    ),
  },
]

/** A page of users under a search. */
function createUsers() {
  const [search, setSearch] = createSignal('')
  const [state, setState] = createSignal('')
  const [after, setAfter] = createSignal<string>()
  const loaded = createFollowed<UserPage>(
    () => withQuery('/api/governance/users', { search: search(), state: state(), after: after(), limit: 100 }),
    ['users', 'policy'],
  )
  const anew = (set: (value: string) => void) => (value: string) => {
    setAfter(undefined)
    set(value)
  }
  return { loaded, search, state, after, setAfter, anew, setSearch, setState }
}

/** Everybody who has an account. */
export function Users() {
  const account = useAccount()
  const { now } = useRealtime()
  const { loaded, search, state, after, setAfter, anew, setSearch, setState } = createUsers()
  const [making, setMaking] = createSignal(false)
  const [opened, setOpened] = createSignal<UserView>()
  const current = createMemo(() => {
    const user = opened()
    return loaded.value()?.users.find(({ id }) => id === user?.id) ?? user
  })
  return (
    <Card
      title="Users"
      aside={
        <button type="button" class="button" disabled={!account.may('user:edit')} onClick={() => setMaking(true)}>
          Invite…
        </button>
      }
    >
      <div class="form-row">
        <TextField label="Search" value={search()} onInput={anew(setSearch)} />
        <SelectField label="State" value={state()} onInput={anew(setState)} choices={states} />
      </div>
      <LoadBanner loaded={loaded} capability="user:read" what="the users" />
      <Show when={loaded.value()}>
        {(page) => (
          <>
            <DataTable
              caption="All users"
              captionHidden
              rows={page().users}
              columns={columns(now, setOpened)}
              rowKey={({ id }) => id}
              empty="Nobody is like that."
            />
            <Pager at={after()} next={page().next} go={setAfter} first="First" further="Next" />
          </>
        )}
      </Show>
      <Show when={making()}>
        <CreateUser onClose={() => setMaking(false)} onDone={loaded.reload} />
      </Show>
      <Show when={current()}>
        {(user) => <UserDialog user={user()} onClose={() => setOpened(undefined)} onChanged={loaded.reload} />}
      </Show>
    </Card>
  )
}
