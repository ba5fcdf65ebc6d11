import { createSignal, Show } from 'solid-js'
import type { ApprovalPage, ApprovalView } from '../../../../../src/features/governance/approvals/contract.ts'
import { withQuery } from '../../../account/request.ts'
import { useEvents } from '../../../realtime/context.ts'
import { ByKey } from '../../../ui/by-key.tsx'
import { Segments } from '../../../ui/segments.tsx'
import { StateBanner } from '../../../ui/state-banner.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { createLoaded } from '../../loaded.ts'
import { Pager } from '../../pager.tsx'
import { ApprovalCard } from './approval-card.tsx'

const views = [
  { value: 'pending', label: 'Waiting' },
  { value: 'all', label: 'All' },
] as const

/** The requests, those that were decided here a moment ago among them with what came of it. */
function createInbox(path: () => string) {
  const loaded = createLoaded<ApprovalPage>(path)
  useEvents('approvals', loaded.reload)
  const [decided, setDecided] = createSignal<ReadonlyMap<string, ApprovalView>>(new Map())
  const keep = (approval: ApprovalView) => {
    setDecided((known) => new Map(known).set(approval.id, approval))
    loaded.reload()
  }
  const shown = () => {
    const listed = loaded.value()?.approvals ?? []
    const ids = new Set(listed.map(({ id }) => id))
    return [...[...decided().values()].filter(({ id }) => !ids.has(id)), ...listed]
  }
  return { loaded, keep, shown }
}

const Nothing = () => (
  <StateBanner state="empty" title="Nothing waits for a second person">
    Deleting a model, for one, is asked for on the page Models and appears here.
  </StateBanner>
)

/** What waits for a second person, and what became of it. */
export function Page() {
  const [view, setView] = createSignal<'pending' | 'all'>('pending')
  const [before, setBefore] = createSignal<string>()
  const state = () => (view() === 'pending' ? 'pending' : undefined)
  const { loaded, keep, shown } = createInbox(() =>
    withQuery('/api/governance/approvals', { state: state(), before: before(), limit: 50 }),
  )
  const turn = (next: 'pending' | 'all') => {
    setBefore(undefined)
    setView(next)
  }
  return (
    <div class="governance-page">
      <header class="governance-head">
        <h1>Approvals</h1>
        <Segments label="Which" options={views} value={view()} onChange={turn} />
      </header>
      <LoadBanner loaded={loaded} capability="approval:read" what="the requests" />
      <Show when={loaded.value()}>
        {(page) => (
          <>
            <ByKey each={shown()} by={({ id }) => id} fallback={<Nothing />}>
              {(approval) => <ApprovalCard approval={approval()} names={page().names} onDecided={keep} />}
            </ByKey>
            <Pager at={before()} next={page().next} go={setBefore} />
          </>
        )}
      </Show>
    </div>
  )
}
