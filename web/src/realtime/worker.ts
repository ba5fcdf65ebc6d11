import { openRoom } from './owner.ts'
import type { FromTab } from './share.ts'
import { whenTabGone } from './tab-lock.ts'

const room = openRoom(location.origin)

/** The first message of a tab names it; all others are for the room. */
function welcome(port: MessagePort): void {
  const seat = room.join((message) => port.postMessage(message))
  port.addEventListener('message', ({ data }: MessageEvent<{ tab: string } | FromTab>) => {
    if ('tab' in data) whenTabGone(data.tab, () => seat.leave())
    else seat.receive(data)
  })
  port.start()
}

addEventListener('connect', (event) => {
  for (const port of (event as MessageEvent).ports) welcome(port)
})
