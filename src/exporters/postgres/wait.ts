import type { ConnectionOptions } from './connection.ts'

/** The address to connect to now; throws while it is not known. */
export function urlOf(options: ConnectionOptions): string {
  const url = options.url()
  if (url === undefined || url === '') throw new Error('the address of the PostgreSQL server is not known yet')
  return url
}

/** `promise`, unless `signal` aborts first; then `onAbort` is told why. */
export function orAbort<T>(promise: Promise<T>, signal: AbortSignal, onAbort: (reason: Error) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      onAbort(signal.reason as Error)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', aborted, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}
