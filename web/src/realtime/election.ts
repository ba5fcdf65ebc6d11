import type { Channel, ChannelEvents, OpenChannel } from './channel.ts'
import type { Room, Seat } from './room.ts'
import type { FromTab, ToTab } from './share.ts'

/** What goes over the broadcast channel. */
type Call =
  | { readonly from: string; readonly up: FromTab }
  | { readonly to: string; readonly down: ToTab }
  | { readonly leader: string }
  /** A newcomer asks who leads. */
  | { readonly asks: string }

/** The part of the browser that an election needs. */
export interface Ballot {
  /** Messages to all other tabs. */
  readonly radio: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>
  /** Calls back when this tab has become the leader; it stays so until the page ends. */
  readonly elected: (lead: () => void) => void
  readonly openRoom: () => Promise<Room>
  /** Calls back when the page of that tab is gone. */
  readonly whenGone: (tab: string, gone: () => void) => void
}

/** The leader's side: seats for the other tabs, each known by its name. */
function lead(tab: string, { radio, whenGone }: Ballot, room: Room, events: ChannelEvents): Seat {
  const seats = new Map<string, Seat>()
  const seatOf = (from: string): Seat => {
    const seat = seats.get(from) ?? room.join((down) => radio.postMessage({ to: from, down } satisfies Call))
    if (!seats.has(from)) whenGone(from, () => seats.delete(from) && seat.leave())
    seats.set(from, seat)
    return seat
  }
  radio.addEventListener('message', ({ data }: MessageEvent<Call>) => {
    if ('from' in data) seatOf(data.from).receive(data.up)
    if ('asks' in data) radio.postMessage({ leader: tab } satisfies Call)
  })
  radio.postMessage({ leader: tab } satisfies Call)
  // Cloned as on the way to the other tabs: the page keeps what it gets.
  return room.join((message) => events.message(structuredClone(message)))
}

/** One tab of all leads and owns the connection; the others reach it by radio, and one of them follows when it goes. */
export const openElection =
  (ballot: Ballot): OpenChannel =>
  (tab, events): Channel => {
    const { radio } = ballot
    let own: Seat | undefined
    let room: Room | undefined
    radio.addEventListener('message', ({ data }: MessageEvent<Call>) => {
      if (own !== undefined) return
      if ('to' in data && data.to === tab) events.message(data.down)
      if ('leader' in data) events.ready()
    })
    radio.postMessage({ asks: tab } satisfies Call)
    ballot.elected(() => {
      void (async () => {
        room = await ballot.openRoom()
        own = lead(tab, ballot, room, events)
        events.ready()
      })()
    })
    return {
      send(up) {
        if (own === undefined) radio.postMessage({ from: tab, up } satisfies Call)
        else own.receive(up)
      },
      close() {
        room?.close()
        radio.close()
      },
    }
  }
