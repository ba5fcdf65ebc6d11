import { setTimeout } from 'k6/timers'
import { WebSocket } from 'k6/websockets'
import { drops, retries } from './measures.ts'
import { createReader } from './reader.ts'
import { baseUrl, headersOf } from './settings.ts'

const url = `${baseUrl.replace(/^http/, 'ws')}/connection/websocket`
/** ms before another attempt: shortest, and what chance adds. */
const pause = { least: 200, more: 400 }

/** One reader of topics, as an open page of the console is one. It comes back until it is closed. */
export interface Client {
  connect(): void
  /** Ends the connection and comes back at once. */
  cut(): void
  close(): void
}

/** A reader of these topics, signed in as the user with this number. */
export function createClient(user: number, topics: readonly string[]): Client {
  const reader = createReader(topics)
  let socket: WebSocket | undefined
  let opened = false
  let over = false

  function lost(which: WebSocket): void {
    if (which !== socket || over) return
    socket = undefined
    ;(opened ? drops : retries).add(1)
    reader.cut()
    setTimeout(connect, pause.least + Math.random() * pause.more)
  }

  function connect(): void {
    if (over) return
    const mine = new WebSocket(url, null, { headers: headersOf(user) })
    socket = mine
    opened = false
    mine.addEventListener('open', () => {
      if (mine !== socket) return
      opened = true
      mine.send(reader.begin())
    })
    mine.addEventListener('message', (event) => {
      if (mine !== socket || !('data' in event) || typeof event.data !== 'string') return
      for (const text of event.data.split('\n')) {
        if (text === '{}') mine.send(text)
        else reader.read(text)
      }
    })
    mine.addEventListener('error', () => lost(mine))
    mine.addEventListener('close', () => lost(mine))
  }

  return {
    connect,
    cut() {
      const before = socket
      reader.cut()
      connect()
      before?.close()
    },
    close() {
      over = true
      socket?.close()
    },
  }
}
