// Fields that we do not use are those of other SDKs: refusing them would refuse the SDK.
type Check = (value: unknown) => boolean

const text =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max
const flag: Check = (value) => typeof value === 'boolean'
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const anything: Check = () => true

const name = text(255)
const channel: Check = (value) => name(value) && value !== ''
const token = text(8192)

/** What may stand in a command, by command. Anything else is refused. */
export const fields = {
  connect: { token, data: anything, subs: object, name, version: name, headers: object, flag: count },
  subscribe: {
    channel,
    token,
    recover: flag,
    epoch: name,
    offset: count,
    data: anything,
    positioned: flag,
    recoverable: flag,
    join_leave: flag,
    delta: name,
    tf: object,
    flag: count,
    type: count,
  },
  unsubscribe: { channel, id: count },
  publish: { channel, data: anything },
  presence: { channel },
  presence_stats: { channel },
  history: { channel, limit: count, since: object, reverse: flag },
  ping: {},
  send: { data: anything },
  rpc: { method: name, data: anything },
  refresh: { token },
  sub_refresh: { channel, token },
} as const satisfies Record<string, Record<string, Check>>

export type CommandName = keyof typeof fields

/** Whether every field of a command is known and of its type, and its channel named where it has one. */
export function wellFormed(command: CommandName, params: Readonly<Record<string, unknown>>): boolean {
  const allowed: Readonly<Record<string, Check>> = fields[command]
  if (Object.hasOwn(allowed, 'channel') && params['channel'] === undefined) return false
  return Object.entries(params).every(([key, value]) => Object.hasOwn(allowed, key) && allowed[key]?.(value) === true)
}
