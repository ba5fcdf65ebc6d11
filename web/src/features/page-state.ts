import type { Connection, Live } from '../realtime/types.ts'
import { ago } from '../ui/format.ts'

/** What a banner on top of a page says; undefined while all is well. */
export interface PageState {
  readonly state: 'loading' | 'no-permission' | 'stale' | 'offline'
  readonly title: string
  readonly text: string
}

type Topic = Pick<Live<unknown>, 'ts' | 'stale' | 'denied' | 'unavailable'> & { readonly known: boolean }

/**
 * State of a page that lives off one topic. The frame speaks about the connection; this about the topic alone.
 * `capability` is named to those who lack it; `now` in ms since the epoch.
 */
export function pageState(
  topic: Topic,
  connection: Connection,
  capability: string,
  now: number,
): PageState | undefined {
  const { known, ts, stale, denied } = topic
  if (denied) {
    const text = `It takes the capability ${capability}. Whoever manages roles on this server can grant it.`
    return { state: 'no-permission', title: 'You may not see this page', text }
  }
  if (topic.unavailable) {
    const text = 'This server does not offer it; it may be switched off in the configuration.'
    return { state: 'offline', title: 'Not available here', text }
  }
  const { state } = connection
  if (known) {
    if (!stale || state !== 'live') return undefined
    const text = `The connection is live, but the newest reading is from ${ago(ts, now)}. Its source may hang.`
    return { state: 'stale', title: 'These numbers are old', text }
  }
  if (state === 'offline' || state === 'refused') {
    const text = 'Nothing has arrived yet. The numbers appear here once the connection is there.'
    return { state: 'offline', title: 'No numbers yet', text }
  }
  return { state: 'loading', title: 'Loading', text: 'Waiting for the first numbers.' }
}
