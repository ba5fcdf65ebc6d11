import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Exporter } from '../../src/exporters/exporter.ts'
import { createRunner, everything } from '../../src/exporters/runner.ts'
import { createExposition } from '../../src/lib/exposition.ts'
import { quiet } from '../support/logger.ts'

/** Longest time of a scrape, ms: Prometheus asks each second. */
const deadline = 900

/** Serves exporters as Aura does, each at its path, on a free port of loopback; `address` is host and port. */
export async function serveElsewhere(
  exporters: Readonly<Record<string, Exporter>>,
): Promise<{ readonly address: string } & AsyncDisposable> {
  const runners = new Map(Object.entries(exporters).map(([path, exporter]) => [path, createRunner(exporter, quiet)]))
  const server = createServer((request, response) => {
    const out = createExposition()
    const runner = runners.get(request.url ?? '')
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    void Promise.resolve(runner?.scrape(everything, deadline, out)).then(() => response.end(out.text()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  return {
    address: `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
