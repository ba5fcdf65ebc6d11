/** Figures of the bridge. Times in ms, sizes in bytes. */
export interface Settings {
  /** Between pings of the server; the longer one when more than `crowd` are connected. */
  readonly pingInterval: number
  readonly crowdedPingInterval: number
  readonly crowd: number
  /**
   * Between pings to a connection that is sent what may not be dropped: with `pongTimeout` the longest that it can go
   * unnoticed that nobody reads it. Not in a crowd.
   */
  readonly probeInterval: number
  /** Anything received within this after a ping counts as its answer. */
  readonly pongTimeout: number
  /** From the opened transport to the connect command. */
  readonly connectTimeout: number
  /** Life of a connection and of a subscription without refresh; 0 is for ever. */
  readonly ttl: number
  readonly subscriptionTtl: number
  /** Between two looks at the rights of everyone connected, whether told of a change or not; 0 is never. */
  readonly recheckInterval: number
  /** What a client may be late with its refresh. */
  readonly expiryGrace: number
  readonly commandBytes: number
  readonly commandsPerFrame: number
  /** Queued for one connection, conflated state apart; beyond it the connection is closed. */
  readonly queueBytes: number
  /** Beyond this in the transport nothing more is handed to it. */
  readonly highWater: number
  /** Handed to a transport at once. */
  readonly batchBytes: number
  /** Between two flushes of class state to one connection, unless so many keys wait. */
  readonly bulkDelay: number
  readonly bulkMessages: number
  /** After a longer pause the first value waits only this long, for those that come together with it. */
  readonly bulkSettle: number
  /** Flush of class state for a connection that reported that it lags. */
  readonly slowDelay: number
  readonly slowLag: number
  readonly slowMessages: number
  /** Beyond this reported lag a connection is closed. */
  readonly closeLag: number
  /** Errors answered within `errorWindow` before the connection is closed. */
  readonly errors: number
  readonly errorWindow: number
  readonly drainSlice: number
  readonly drainEvery: number
  readonly drainWait: number
}

export const defaultSettings: Settings = {
  pingInterval: 10_000,
  crowdedPingInterval: 25_000,
  crowd: 5000,
  probeInterval: 6000,
  pongTimeout: 5000,
  connectTimeout: 5000,
  ttl: 0,
  subscriptionTtl: 0,
  recheckInterval: 0,
  expiryGrace: 25_000,
  commandBytes: 64 * 1024,
  commandsPerFrame: 128,
  queueBytes: 1024 * 1024,
  highWater: 64 * 1024,
  batchBytes: 256 * 1024,
  bulkDelay: 100,
  bulkMessages: 10,
  bulkSettle: 10,
  slowDelay: 1000,
  slowLag: 2000,
  slowMessages: 200,
  closeLag: 10_000,
  errors: 30,
  errorWindow: 10_000,
  drainSlice: 200,
  drainEvery: 250,
  drainWait: 2000,
}
