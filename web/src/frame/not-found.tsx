import { A, useLocation } from '@solidjs/router'

/** For addresses that lead nowhere. */
export function NotFound() {
  const location = useLocation()
  return (
    <section class="not-found">
      <h1>No such page</h1>
      <p>
        There is nothing at <code>{location.pathname}</code>. <A href="/">Go to Monitor</A>
      </p>
    </section>
  )
}
