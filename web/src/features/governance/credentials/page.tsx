import { createSignal, Show } from 'solid-js'
import type {
  SessionPage,
  SessionView,
  TokenMade,
  TokenPage,
  TokenView,
} from '../../../../../src/features/governance/credentials/contract.ts'
import type { CapabilityList, UserView } from '../../../../../src/features/governance/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { withQuery, type Sent } from '../../../account/request.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Card } from '../../../ui/card.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { FormError } from '../../../ui/form.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { createLoaded } from '../../loaded.ts'
import { Pager } from '../../pager.tsx'
import { outcome } from '../../refusal-text.ts'
import { TokenDialog, type TokenFields } from '../../token-dialog.tsx'
import { createFollowed } from '../follow.ts'
import { UserPicker } from '../user-picker.tsx'
import { sessionColumns, tokenColumns } from './columns.tsx'

/** Sessions and tokens of everybody. */
export function Page() {
  return (
    <div class="governance-page">
      <h1>Sessions and tokens</h1>
      <Sessions />
      <Tokens />
    </div>
  )
}

function Sessions() {
  const account = useAccount()
  const { now } = useRealtime()
  const [after, setAfter] = createSignal<string>()
  const loaded = createFollowed<SessionPage>(
    () => withQuery('/api/governance/sessions', { after: after(), limit: 100 }),
    ['credentials', 'users'],
  )
  const acting = createActing()
  const end = ({ id }: SessionView) =>
    void acting.run(async () => outcome(await account.send('DELETE', `/api/governance/sessions/${id}`), loaded.reload))
  return (
    <Card title="Sessions" note="Ending one takes effect with the next request, and within 5 s on open connections.">
      <LoadBanner loaded={loaded} capability="user:read" what="the sessions" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(page) => (
          <>
            <DataTable
              caption="Sessions of everybody"
              captionHidden
              rows={page().sessions}
              columns={sessionColumns(now, () => loaded.value()?.names, { may: () => account.may('user:edit'), end })}
              rowKey={({ id }) => id}
              empty="Nobody is signed in."
            />
            <Pager next={page().next} at={after()} go={setAfter} />
          </>
        )}
      </Show>
    </Card>
  )
}

function Tokens() {
  const account = useAccount()
  const { now } = useRealtime()
  const [after, setAfter] = createSignal<string>()
  const [making, setMaking] = createSignal(false)
  const loaded = createFollowed<TokenPage>(
    () => withQuery('/api/governance/tokens', { after: after(), limit: 100 }),
    ['credentials', 'users'],
  )
  const acting = createActing()
  const revoke = ({ id }: TokenView) =>
    void acting.run(async () => outcome(await account.send('DELETE', `/api/governance/tokens/${id}`), loaded.reload))
  return (
    <Card
      title="Tokens"
      note="What programs prove themselves with."
      aside={
        <button type="button" class="button" disabled={!account.may('user:edit')} onClick={() => setMaking(true)}>
          New token for…
        </button>
      }
    >
      <LoadBanner loaded={loaded} capability="user:read" what="the tokens" />
      <FormError acting={acting} />
      <Show when={loaded.value()}>
        {(page) => (
          <>
            <DataTable
              caption="Tokens of everybody"
              captionHidden
              rows={page().tokens}
              columns={tokenColumns(now, () => loaded.value()?.names, {
                may: () => account.may('user:edit'),
                end: revoke,
              })}
              rowKey={({ id }) => id}
              empty="There is no token."
            />
            <Pager next={page().next} at={after()} go={setAfter} />
          </>
        )}
      </Show>
      <Show when={making()}>
        <ForAnother
          onClose={() => {
            setMaking(false)
            loaded.reload()
          }}
        />
      </Show>
    </Card>
  )
}

/** A token for somebody else, such as a service. */
function ForAnother(props: { readonly onClose: () => void }) {
  const account = useAccount()
  const [user, setUser] = createSignal<UserView>()
  const list = createLoaded<CapabilityList>(() => '/api/governance/capabilities')
  const make = async (fields: TokenFields): Promise<Sent<TokenMade>> => {
    const owner = user()
    if (owner === undefined) {
      return { refusal: { status: 0, code: 'INVALID', message: 'Choose whose it is to be.', details: {} } }
    }
    return account.send<TokenMade>('POST', '/api/governance/tokens', { user: owner.id, ...fields })
  }
  return (
    <TokenDialog choices={list.value()?.capabilities.map(({ key }) => key) ?? []} make={make} onClose={props.onClose}>
      <UserPicker label="Whose" required onPick={setUser} />
    </TokenDialog>
  )
}
