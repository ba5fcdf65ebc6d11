import { insist } from '../load-again.ts'
import type { OpenChannel } from './channel.ts'
import { openElection } from './election.ts'
import { holdTabLock, whenTabGone } from './tab-lock.ts'
import { openWorkerChannel } from './worker-channel.ts'

/** The same page of another version has another channel. */
const channelName = 'aura-realtime-1'

/** Without locks there is no election: each tab leads itself. */
function elected(lead: () => void): void {
  if (navigator.locks === undefined) return lead()
  navigator.locks
    .request(channelName, () => {
      lead()
      return new Promise<never>(() => undefined)
    })
    .catch(() => undefined)
}

const openByElection: OpenChannel = (tab, events) =>
  openElection({
    radio: new BroadcastChannel(channelName),
    elected,
    openRoom: async () => (await insist(() => import('./owner.ts'))).openRoom(location.origin),
    whenGone: whenTabGone,
  })(tab, events)

/** One connection for all tabs of this browser: in a shared worker where there is one, else in one of the tabs. */
export const openShared: OpenChannel = (tab, events) => {
  holdTabLock(tab)
  if (typeof SharedWorker !== 'function') return openByElection(tab, events)
  let channel = openWorkerChannel(() => {
    channel.close()
    channel = openByElection(tab, events)
  })(tab, events)
  return { send: (message) => channel.send(message), close: () => channel.close() }
}
