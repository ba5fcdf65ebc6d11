import { Show } from 'solid-js'
import type { AccountSessions } from '../../../../src/features/account/contract.ts'
import { useAccount } from '../../account/context.ts'
import { useRealtime } from '../../realtime/context.ts'
import { createActing } from '../../ui/acting.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { FormError } from '../../ui/form.tsx'
import { ago } from '../../ui/format.ts'
import { LoadBanner } from '../load-banner.tsx'
import { createLoaded } from '../loaded.ts'
import { outcome } from '../refusal-text.ts'
import { agentName } from './agent-name.ts'

type Session = AccountSessions['sessions'][number]

const columns = (now: () => number, end: (session: Session) => void): readonly Column<Session>[] => [
  { id: 'agent', header: 'Browser', cell: ({ agent }) => <span title={agent}>{agentName(agent)}</span> },
  { id: 'ip', header: 'Address', cell: ({ ip }) => ip },
  { id: 'created', header: 'Signed in', cell: (row) => ago(row.createdAt, now()), sort: (row) => row.createdAt },
  { id: 'seen', header: 'Last seen', cell: (row) => ago(row.lastSeenAt, now()), sort: (row) => row.lastSeenAt },
  { id: 'expires', header: 'Ends', cell: (row) => ago(row.expiresAt, now()), minor: true },
  {
    id: 'end',
    header: 'End',
    cell: (row) => (
      <Show when={!row.current} fallback={<Badge tone="info">this one</Badge>}>
        <button type="button" class="button button-danger" onClick={() => end(row)}>
          End <span class="visually-hidden">the session on {agentName(row.agent)}</span>
        </button>
      </Show>
    ),
  },
]

/** Where one is signed in. */
export function SessionsCard() {
  const account = useAccount()
  const { now } = useRealtime()
  const loaded = createLoaded<AccountSessions>(() => '/api/account/sessions')
  const acting = createActing()
  const end = ({ id }: Session) =>
    void acting.run(async () => outcome(await account.send('DELETE', `/api/account/sessions/${id}`), loaded.reload))
  return (
    <Card title="Sessions" note="Where you are signed in. End what you do not know, then change your password.">
      <LoadBanner loaded={loaded} capability="" what="your sessions" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(known) => (
          <DataTable
            caption="Your sessions"
            captionHidden
            rows={known().sessions}
            columns={columns(now, end)}
            rowKey={({ id }) => id}
          />
        )}
      </Show>
    </Card>
  )
}
