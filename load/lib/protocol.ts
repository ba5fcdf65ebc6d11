export interface Position {
  readonly epoch: string
  readonly offset: number
}

/** What of a publication is measured; the value itself is never looked at. */
export interface Head {
  readonly channel: string
  /** 0: none. */
  readonly offset: number
  readonly kind: string
  /** ms since the epoch. */
  readonly ts: number
  /** Of kind `gap`: values skipped. */
  readonly skipped: number
}

interface Pub {
  readonly offset?: number
}

/** The answer to a command. */
export interface Reply {
  readonly id: number
  readonly error?: { readonly code: number; readonly message: string }
  readonly subscribe?: Position & {
    readonly was_recovering?: boolean
    readonly recovered?: boolean
    readonly publications?: readonly Pub[]
  }
}

// To parse a thousand whole readings each second would take longer than to deliver them.
const head =
  /^\{"push":\{"channel":"([^"]+)","pub":\{(?:"offset":(\d+),)?"data":\{"k":"(\w+)"(?:,"s":"(?:[^"\\]|\\.)*")?,"ts":([\d.]+)(?:,"n":(\d+))?/

/** The head of a push with a publication; undefined for every other message. */
export function headOf(text: string): Head | undefined {
  const found = head.exec(text)
  if (found === null) return undefined
  const [, channel = '', offset = '0', kind = '', ts = '0', skipped = '0'] = found
  return { channel, offset: Number(offset), kind, ts: Number(ts), skipped: Number(skipped) }
}

/** The first frame of a connection: who one is, and every topic, resumed where it was left. */
export function opening(topics: readonly string[], places: ReadonlyMap<string, Position>): string {
  const subscribe = (channel: string, at: number): string => {
    const place = places.get(channel)
    return JSON.stringify({ id: at + 2, subscribe: { channel, ...(place && { recover: true, ...place }) } })
  }
  return ['{"id":1,"connect":{}}', ...topics.map(subscribe)].join('\n')
}
