import { render } from 'solid-js/web'
import { createAccount } from './account/account.ts'
import { App } from './app.tsx'
import { openShared } from './realtime/browser.ts'
import { systemClock } from './realtime/clock.ts'
import { createRealtime } from './realtime/realtime.ts'
import './ui/tokens.css'
import './ui/base.css'

const realtime = createRealtime({ open: openShared, clock: systemClock, tab: tabName() })

/** Unlike any other tab's; `crypto.randomUUID` is missing on plain HTTP from another machine. */
function tabName(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const account = createAccount()
void account.reload()

document.addEventListener('visibilitychange', () => realtime.visible(!document.hidden))
addEventListener('online', () => realtime.network(true))
addEventListener('offline', () => realtime.network(false))
addEventListener('pagehide', () => realtime.sleep())
addEventListener('pageshow', ({ persisted }) => persisted && realtime.wake())

const root = document.querySelector('#app')
// In place of what stood there while this was loading.
root?.replaceChildren()
if (root !== null) render(() => <App realtime={realtime} account={account} />, root)
