import { Route, Router, useLocation, type RouteSectionProps } from '@solidjs/router'
import { createEffect, ErrorBoundary, Match, on, Show, Suspense, Switch, type JSX } from 'solid-js'
import { createAccount, type Account } from './account/account.ts'
import { AccountProvider, useAccount } from './account/context.ts'
import { ExpiryNotice } from './account/expiry-notice.tsx'
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
import { thisPage } from './reload-once.ts'
import { later } from './ui/later.tsx'
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

const SignIn = pages.signIn
const ConfirmDialog = later(async () => (await import('./account/confirm-dialog.tsx')).ConfirmDialog)

/** What is open to those who have not signed in. */
const entries: ReadonlySet<string> = new Set(['/sign-in', '/setup', '/invitation'])

/** A page of its own, without the frame: for those who are not in yet. */
function Entry(props: { readonly children: JSX.Element }) {
  return (
    <>
      <header class="frame-head">
        <span class="frame-name">Aura</span>
        <div class="frame-state">
          <ThemeSwitch />
        </div>
      </header>
      <main id="content" tabindex="-1">
        <Suspense fallback={<StateBanner state="loading" />}>{props.children}</Suspense>
      </main>
    </>
  )
}

/** Signing in comes before everything else; whoever may be in gets the frame with the page. */
function Door(props: RouteSectionProps) {
  const account = useAccount()
  const location = useLocation()
  return (
    <Switch fallback={<Frame {...props} />}>
      <Match when={entries.has(location.pathname)}>
        <Entry>{props.children}</Entry>
      </Match>
      <Match when={account.standing() === 'loading'}>
        <Entry>
          <StateBanner state="loading" />
        </Entry>
      </Match>
      <Match when={account.standing() === 'anonymous'}>
        <Entry>
          <SignIn />
        </Entry>
      </Match>
    </Switch>
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
        <ExpiryNotice />
        <ErrorBoundary fallback={(error: unknown, again) => <Failed error={error} again={again} />}>
          <Suspense fallback={<StateBanner state="loading" />}>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
      <Asked />
    </>
  )
}

/** The question for the password, loaded when first asked. */
function Asked() {
  const account = useAccount()
  return (
    <Show when={account.confirmation()}>
      <Suspense>
        <ConfirmDialog />
      </Suspense>
    </Show>
  )
}

/** Whoever is turned away from the bridge, or connected as another, is somebody else than this page thought. */
function followAccount({ connection }: Realtime, account: Account): void {
  const turnedAway = () => connection().state === 'refused'
  createEffect(on(turnedAway, (now) => now && account.standing() === 'known' && void account.reload()))
  const name = () => (connection().state === 'live' ? connection().principal : undefined)
  createEffect(
    on(name, (now) => {
      const shown = account.view()?.user.name
      if (now !== undefined && shown !== undefined && now !== shown) void account.reload()
    }),
  )
}

/** The whole console. */
export function App(props: { readonly realtime: Realtime; readonly account?: Account }) {
  const account = props.account ?? createAccount()
  followAccount(props.realtime, account)
  createEffect(() => reloadOnMismatch(props.realtime.connection().contract, thisPage))
  return (
    <RealtimeProvider value={props.realtime}>
      <AccountProvider value={account}>
        <Router root={Door}>
          <Route path="/" component={pages.monitor} />
          <Route path="/models" component={pages.models} />
          <Route path="/settings/connections" component={pages.connections} />
          <Route path="/settings/account" component={pages.account} />
          <Route path="/sign-in" component={pages.signIn} />
          <Route path={['/setup', '/invitation']} component={pages.setup} />
          <Route path="/governance/:part?" component={pages.governance} />
          <Route path="*" component={NotFound} />
        </Router>
      </AccountProvider>
    </RealtimeProvider>
  )
}
