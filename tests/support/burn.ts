import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Keeps every core busy until disposed of. */
export function burnCpu(): Disposable {
  const workers = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }))
  return {
    [Symbol.dispose]() {
      for (const worker of workers) void worker.terminate()
    },
  }
}
