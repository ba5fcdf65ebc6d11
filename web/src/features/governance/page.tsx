import { A, useParams } from '@solidjs/router'
import { For, Show, type Component } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { NotFound } from '../../frame/not-found.tsx'
import { later } from '../../ui/later.tsx'
import './governance.css'

interface Part {
  readonly path: string
  readonly name: string
  readonly page: Component
}

/** The parts of the panel, each loaded when first opened. */
const parts: readonly Part[] = [
  { path: 'roles', name: 'Roles', page: later(async () => (await import('./roles/page.tsx')).Page) },
  { path: 'why', name: 'Why', page: later(async () => (await import('./why/page.tsx')).Page) },
  { path: 'people', name: 'People', page: later(async () => (await import('./people/page.tsx')).Page) },
  {
    path: 'sessions',
    name: 'Sessions and tokens',
    page: later(async () => (await import('./credentials/page.tsx')).Page),
  },
  {
    path: 'approvals',
    name: 'Approvals',
    page: later(async () => (await import('./approvals/page.tsx')).Page),
  },
  { path: 'audit', name: 'Audit log', page: later(async () => (await import('./audit/page.tsx')).Page) },
  {
    path: 'alerts',
    name: 'Security alerts',
    page: later(async () => (await import('./alerts/page.tsx')).Page),
  },
  {
    path: 'code',
    name: 'Roles as code',
    page: later(async () => (await import('./code/page.tsx')).Page),
  },
]

/** Who may do what, what waits for a second person, and what happened. */
export function Page() {
  const params = useParams<{ part?: string }>()
  const part = () => parts.find(({ path }) => path === (params.part ?? 'roles'))
  return (
    <div class="governance">
      <nav class="governance-nav frame-nav" aria-label="Governance">
        <For each={parts}>
          {({ path, name }) => (
            <A href={`/governance/${path}`} aria-current={part()?.path === path ? 'page' : undefined}>
              {name}
            </A>
          )}
        </For>
      </nav>
      <Show when={part()} fallback={<NotFound />} keyed>
        {(shown) => <Dynamic component={shown.page} />}
      </Show>
    </div>
  )
}
