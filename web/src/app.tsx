import { Route, Router, type RouteSectionProps } from '@solidjs/router'
import { createEffect, ErrorBoundary, Suspense } from 'solid-js'
import { pages } from './features/index.ts'
import { ConnectionIndicator } from './frame/connection-indicator.tsx'
import { ConnectionNotice } from './frame/connection-notice.tsx'
import { Navigation } from './frame/navigation.tsx'
import { NotFound } from './frame/not-found.tsx'
import { ThemeSwitch } from './frame/theme-switch.tsx'
import { WhoAmI } from './frame/who-am-i.tsx'
import { RealtimeProvider } from './realtime/context.ts'
import { reloadOnMismatch } from './realtime/reload.ts'
import type { Realtime } from './realtime/types.ts'
import { StateBanner } from './ui/state-banner.tsx'
import './app.css'

/** Shows what went wrong in a page; the frame around it lives on. */
function Failed(props: { readonly error: unknown; readonly again: () => void }) {
  return (
    <StateBanner state="error" title="This page failed" action={{ label: 'Try again', run: props.again }}>
      {props.error instanceof Error ? props.error.message : String(props.error)}
    </StateBanner>
  )
}

/** The frame around every page. */
function Frame(props: RouteSectionProps) {
  return (
    <>
      <a class="skip-link" href="#content">
        Skip to content
      </a>
      <header class="frame-head">
        <span class="frame-name">Aura</span>
        <Navigation />
        <div class="frame-state">
          <ConnectionIndicator />
          <WhoAmI />
          <ThemeSwitch />
        </div>
      </header>
      <main id="content" tabindex="-1">
        <ConnectionNotice />
        <ErrorBoundary fallback={(error: unknown, again) => <Failed error={error} again={again} />}>
          <Suspense fallback={<StateBanner state="loading" />}>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
    </>
  )
}

/** The whole console. */
export function App(props: { readonly realtime: Realtime }) {
  createEffect(() =>
    reloadOnMismatch(props.realtime.connection().contract, {
      storage: sessionStorage,
      reload: () => location.reload(),
    }),
  )
  return (
    <RealtimeProvider value={props.realtime}>
      <Router root={Frame}>
        <Route path="/" component={pages.monitor} />
        <Route path="/models" component={pages.models} />
        <Route path="/settings/connections" component={pages.connections} />
        <Route path="*" component={NotFound} />
      </Router>
    </RealtimeProvider>
  )
}
