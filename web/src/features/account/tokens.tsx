import { createSignal, Show } from 'solid-js'
import type { AccountTokenMade, AccountTokens } from '../../../../src/features/account/contract.ts'
import { useAccount } from '../../account/context.ts'
import { useRealtime } from '../../realtime/context.ts'
import { createActing } from '../../ui/acting.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable, type Column } from '../../ui/data-table.tsx'
import { FormError } from '../../ui/form.tsx'
import { LoadBanner } from '../load-banner.tsx'
import { createLoaded } from '../loaded.ts'
import { outcome } from '../refusal-text.ts'
import { tokenLife } from '../token-columns.tsx'
import { TokenDialog } from '../token-dialog.tsx'

type Token = AccountTokens['tokens'][number]

const columns = (now: () => number, revoke: (token: Token) => void): readonly Column<Token>[] => [
  { id: 'name', header: 'Token', cell: ({ name }) => name, sort: ({ name }) => name },
  { id: 'scopes', header: 'May do', cell: ({ scopes }) => scopes?.join(', ') ?? 'whatever you may' },
  ...tokenLife(now, revoke),
]

/** One's own tokens, for programs. */
export function TokensCard() {
  const account = useAccount()
  const { now } = useRealtime()
  const loaded = createLoaded<AccountTokens>(() => '/api/account/tokens')
  const [making, setMaking] = createSignal(false)
  const acting = createActing()
  const revoke = ({ id }: Token) =>
    void acting.run(async () => outcome(await account.send('DELETE', `/api/account/tokens/${id}`), loaded.reload))
  return (
    <Card
      title="Tokens"
      note="For programs: one header, no more rights than you have. Whoever has a token can act as you."
      aside={
        <button type="button" class="button" disabled={!account.may('token:create')} onClick={() => setMaking(true)}>
          New token…
        </button>
      }
    >
      <Show when={!account.may('token:create')}>
        <p class="card-note">Making one takes the capability token:create.</p>
      </Show>
      <LoadBanner loaded={loaded} capability="token:create" what="your tokens" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(known) => (
          <DataTable
            caption="Your tokens"
            captionHidden
            rows={known().tokens}
            columns={columns(now, revoke)}
            rowKey={({ id }) => id}
            empty="You have no token."
          />
        )}
      </Show>
      <Show when={making()}>
        <TokenDialog
          choices={account.view()?.capabilities ?? []}
          make={(fields) => account.send<AccountTokenMade>('POST', '/api/account/tokens', fields)}
          onClose={() => {
            setMaking(false)
            loaded.reload()
          }}
        />
      </Show>
    </Card>
  )
}
