/** What every publisher sends: 256 B of JSON that begin with its number and when it was sent. */
export interface Message {
  readonly n: number
  /** Monotonic µs. */
  readonly t: number
  /** Filler. */
  readonly p: string
}

/** One contender: a server with subscribers, and a way to send them all a message. */
export interface Server {
  readonly port: number
  publish(topic: string, message: Message, key: string | undefined): void
}

/** Names under which contenders are started. */
export type ContenderName = 'ours' | 'ws-send' | 'framed' | 'socket.io'
