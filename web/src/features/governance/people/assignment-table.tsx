import { Show } from 'solid-js'
import type {
  AssignmentList,
  AssignmentQuery,
  AssignmentView,
  GroupList,
} from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { withQuery } from '../../../account/request.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { DataTable, type Column } from '../../../ui/data-table.tsx'
import { FormError } from '../../../ui/form.tsx'
import { ago } from '../../../ui/format.ts'
import { LoadBanner } from '../../load-banner.tsx'
import { outcome } from '../../refusal-text.ts'
import { createFollowed } from '../follow.ts'
import { nameOf } from '../words.ts'

type Names = () => Readonly<Record<string, string>> | undefined

interface Context {
  readonly now: () => number
  readonly names: Names
  /** Of groups, by id. */
  readonly groups: Names
  readonly may: () => boolean
  readonly remove: (row: AssignmentView) => void
}

const subjectText = ({ subject }: AssignmentView, { names, groups }: Context): string =>
  subject.kind === 'user'
    ? nameOf(names(), subject.id)
    : `group ${groups()?.[subject.id] ?? nameOf(names(), subject.id)}`

const grantors = new Set(['setup', 'file', 'oidc'])

const columns = (context: Context): readonly Column<AssignmentView>[] => [
  {
    id: 'subject',
    header: 'Who',
    cell: (row) => subjectText(row, context),
    sort: (row) => subjectText(row, context),
  },
  { id: 'role', header: 'Role', cell: (row) => row.role, sort: (row) => row.role },
  { id: 'scope', header: 'On', cell: (row) => <code>{row.scope}</code>, sort: (row) => row.scope },
  {
    id: 'ends',
    header: 'Ends',
    cell: (row) => (row.expiresAt === undefined ? 'never' : ago(row.expiresAt, context.now())),
    sort: (row) => row.expiresAt,
  },
  {
    id: 'by',
    header: 'Granted by',
    cell: (row) => (grantors.has(row.grantedBy) ? row.grantedBy : nameOf(context.names(), row.grantedBy)),
  },
  {
    id: 'remove',
    header: 'Take away',
    cell: (row) => (
      <button type="button" class="button button-danger" disabled={!context.may()} onClick={() => context.remove(row)}>
        Take away{' '}
        <span class="visually-hidden">
          {row.role} from {subjectText(row, context)}
        </span>
      </button>
    ),
  },
]

export interface AssignmentTableProps {
  readonly query: AssignmentQuery
}

/** Who holds which role, on what and how long. */
export function AssignmentTable(props: AssignmentTableProps) {
  const account = useAccount()
  const { now } = useRealtime()
  const loaded = createFollowed<AssignmentList>(
    () => withQuery('/api/governance/assignments', { ...props.query }),
    ['policy', 'users'],
  )
  const groups = createFollowed<GroupList>(() => '/api/governance/groups', ['policy'])
  const acting = createActing()
  const remove = ({ id }: AssignmentView) =>
    void acting.run(async () =>
      outcome(await account.send('DELETE', `/api/governance/assignments/${id}`), loaded.reload),
    )
  const context: Context = {
    now,
    names: () => loaded.value()?.names,
    groups: () => Object.fromEntries((groups.value()?.groups ?? []).map(({ id, name }) => [id, name])),
    may: () => account.may('role:assign'),
    remove,
  }
  return (
    <>
      <LoadBanner loaded={loaded} capability="role:read" what="the assignments" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(known) => (
          <DataTable
            caption="Roles that are held"
            captionHidden
            rows={known().assignments}
            columns={columns(context)}
            rowKey={({ id }) => id}
            empty="No role is held."
          />
        )}
      </Show>
    </>
  )
}
