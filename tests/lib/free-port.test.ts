import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { findFreePort, isPortFree } from '../../src/lib/free-port.ts'

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port on which someone listens at %s is not free; the next one is found',
  async (host) => {
    const server = createServer().listen(0, host)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await isPortFree(port)).toBe(false)
    expect(await findFreePort(port)).toBeGreaterThan(port)
    expect(await findFreePort(port, 1)).toBeUndefined()
    server.close()
    await once(server, 'close')
    expect(await isPortFree(port)).toBe(true)
  },
)
