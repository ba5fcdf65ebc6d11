import { once } from 'node:events'

const { createServer } = process.getBuiltinModule('node:http')

/** Takes checkpoints of the audit log in the place of somebody far away. */
export interface CheckpointReceiver extends AsyncDisposable {
  readonly url: string
  /** From now on refuses them; returns how to take them again. */
  refuse(): () => void
}

/** On a free port of loopback. */
export async function receiveCheckpoints(): Promise<CheckpointReceiver> {
  let refusing = 0
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(refusing > 0 ? 503 : 204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  return {
    url: `http://127.0.0.1:${port}/checkpoints`,
    refuse() {
      refusing++
      return () => void refusing--
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
