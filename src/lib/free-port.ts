import { once } from 'node:events'
import { createServer } from 'node:net'

/** Whether a server could listen there now. Anything but "in use" (no such address, no right) is thrown. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer()
  try {
    server.listen({ port, host, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false
    throw error
  }
  server.close()
  await once(server, 'close')
  return true
}

/** The first free port of `from` .. `from + count - 1`; undefined if all are taken. */
export async function findFreePort(from: number, count = 500, host = '127.0.0.1'): Promise<number | undefined> {
  for (let port = from; port < from + count && port < 65_536; port++) if (await isPortFree(port, host)) return port
  return undefined
}
