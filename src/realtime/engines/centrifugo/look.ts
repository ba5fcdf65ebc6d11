import type { BatchReply } from './api.ts'

/** Asks who Centrifugo is and who listens to what. */
export const lookCommands = ['{"info":{}}', '{"channels":{}}'] as const

/** What Centrifugo says of itself. */
export interface Look {
  /** Its nodes' ids; others than before: one began anew, and with the memory engine its logs are gone. */
  readonly nodes: string
  /** Subscribers by channel. */
  readonly listeners: Map<string, number>
}

export function readLook([info, channels]: readonly BatchReply[]): Look {
  const refused = info?.error ?? channels?.error
  if (refused !== undefined) throw new Error(`it refuses to tell its state: ${refused.message}`)
  const nodes = (info?.info?.nodes ?? []).map(({ uid = '' }) => uid).toSorted()
  const counts = Object.entries(channels?.channels?.channels ?? {})
  return { nodes: nodes.join(' '), listeners: new Map(counts.map(([name, { num_clients: n = 0 }]) => [name, n])) }
}
