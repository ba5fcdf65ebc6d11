import type { OpenChannel } from './channel.ts'
import type { ToTab } from './share.ts'

/** To the shared worker. `failed` is called if the browser has one but does not start it. */
export const openWorkerChannel =
  (failed: () => void): OpenChannel =>
  (tab, events) => {
    const worker = new SharedWorker(new URL('worker.ts', import.meta.url), { type: 'module', name: 'aura' })
    worker.addEventListener('error', failed)
    worker.port.addEventListener('message', ({ data }: MessageEvent<ToTab>) => events.message(data))
    worker.port.start()
    worker.port.postMessage({ tab })
    queueMicrotask(() => events.ready())
    return {
      send: (message) => worker.port.postMessage(message),
      close: () => worker.port.close(),
    }
  }
