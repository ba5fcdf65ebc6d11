import { A } from '@solidjs/router'
import { For } from 'solid-js'

const places = [
  { href: '/', name: 'Monitor' },
  { href: '/models', name: 'Models' },
  { href: '/governance', name: 'Governance' },
  { href: '/settings/connections', name: 'Connections' },
]

/** The pages, the one that is open marked. */
export function Navigation() {
  return (
    <nav class="frame-nav" aria-label="Pages">
      <For each={places}>
        {({ href, name }) => (
          <A href={href} end={href === '/'}>
            {name}
          </A>
        )}
      </For>
    </nav>
  )
}
