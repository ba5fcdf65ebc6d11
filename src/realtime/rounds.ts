import { recheck, type Shared } from './connection.ts'

/** Looks at everyone's rights from time to time. */
export interface Rounds {
  /** Somebody came; the rounds go on as long as anyone is there. */
  wake(): void
}

/** Rounds every `recheckInterval` ms, for what ends by time or without anybody saying so. */
export function createRounds({
  wheel,
  settings,
  connections,
}: Pick<Shared, 'wheel' | 'settings' | 'connections'>): Rounds {
  const { recheckInterval } = settings
  let due = false
  function round(): void {
    due = false
    for (const connection of connections.values()) recheck(connection)
    wake()
  }
  function wake(): void {
    if (due || recheckInterval === 0 || connections.size === 0) return
    due = true
    wheel.schedule(recheckInterval, round)
  }
  return { wake }
}
