/** A request that several callers want at once. */
interface Flight<T> {
  readonly result: Promise<T>
  readonly abort: AbortController
  readonly began: number
  waiting: number
}

/** An older flight is not joined: it may be stuck on something that has passed since. */
const joinable = 250

/**
 * Lets the collectors of one scrape share one request. Each caller leaves when its own signal aborts; the request
 * is aborted when the last one has left.
 */
export function createShared<T>(begin: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let current: Flight<T> | undefined

  function start(): Flight<T> {
    const abort = new AbortController()
    const flight = { result: begin(abort.signal), abort, began: performance.now(), waiting: 0 }
    const landed = (): void => {
      if (current === flight) current = undefined
    }
    flight.result.then(landed, landed)
    return flight
  }

  return (signal) => {
    if (signal.aborted) return Promise.reject(signal.reason)
    if (current === undefined || performance.now() - current.began > joinable) current = start()
    const flight = current
    flight.waiting++
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason)
        flight.waiting--
        if (flight.waiting > 0) return
        if (current === flight) current = undefined
        flight.abort.abort(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }
}
