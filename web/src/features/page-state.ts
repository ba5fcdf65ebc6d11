import type { Connection, Live } from '../realtime/types.ts'
import { ago } from '../ui/format.ts'
import type { BannerState } from '../ui/state-banner.tsx'

/** What a banner on top of a page says; undefined while all is well. */
export interface PageState {
  readonly state: BannerState
  readonly title: string
  readonly text: string
  /** Trying again by hand is of use. */
  readonly retry: boolean
}

type Topic = Pick<Live<unknown>, 'ts' | 'stale' | 'denied'> & { readonly known: boolean }

const last = (ts: number | undefined, now: number): string =>
  ts === undefined ? '' : ` The newest numbers are from ${ago(ts, now)}.`

/** State of a page that lives off one topic. `capability` is named to those who lack it; `now` in ms since the epoch. */
export function pageState(
  topic: Topic,
  connection: Connection,
  capability: string,
  now: number,
): PageState | undefined {
  const { known, ts, stale, denied } = topic
  if (denied) {
    const text = `It takes the capability ${capability}; whoever manages roles here can grant it.`
    return { state: 'no-permission', title: 'You may not see this page', text, retry: false }
  }
  if (connection.state === 'offline') {
    const text = `This browser has no network; the page goes on by itself when it is back.${last(ts, now)}`
    return { state: 'offline', title: 'Offline', text, retry: false }
  }
  if (connection.state === 'refused') {
    const text = `The server refused the connection${connection.reason === undefined ? '' : `: ${connection.reason}`}.${last(ts, now)}`
    return { state: 'error', title: 'Not connected', text, retry: true }
  }
  if (!known) return { state: 'loading', title: 'Loading', text: 'Waiting for the first numbers.', retry: false }
  if (!stale) return undefined
  const cause = connection.state === 'live' ? 'Nothing new arrives.' : 'The connection is being restored.'
  return {
    state: 'stale',
    title: 'These numbers are old',
    text: `${cause}${last(ts, now)}`,
    retry: connection.state !== 'live',
  }
}
