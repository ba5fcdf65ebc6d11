import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { runAura } from '../support/aura.ts'

interface Received {
  readonly path: string
  readonly body: Buffer
}

/** An OTLP/HTTP receiver that keeps what it gets. */
async function receiver(port = 0): Promise<AsyncDisposable & { url: string; received: Received[] }> {
  const received: Received[] = []
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: Buffer.concat(parts) })
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
  }
  return { url, received, [Symbol.asyncDispose]: close }
}

const exporterUrl = /"url":"(http:[^"]+)","msg":"exporters ready"/

test('with an endpoint, readings leave as system.* and are flushed at the end', async () => {
  await using otlp = await receiver()
  await using aura = runAura(['exporter', 'host'], {
    AURA_TELEMETRY_OTLP_ENDPOINT: otlp.url,
    AURA_TELEMETRY_METRICS_INTERVAL: '500ms',
    AURA_TELEMETRY_SERVICE_NAME: 'aura-test',
  })
  await aura.until(exporterUrl)
  await expect.poll(() => otlp.received.some(({ path }) => path === '/v1/metrics'), { timeout: 10_000 }).toBe(true)
  expect(await aura.stop()).toBe(0)
  const all = otlp.received.map(({ body }) => body.toString('latin1')).join('')
  for (const name of [
    'system.cpu.time',
    'system.memory.usage',
    'system.network.io',
    'system.filesystem.usage',
    'aura-test',
  ]) {
    expect(all, name).toContain(name)
  }
})

test('without one, nothing is attempted and nothing is said', async () => {
  // The port that an SDK left to itself would send to; somebody else's receiver there would see it as well.
  await using otlp = await receiver(4318).catch(() => receiver())
  await using aura = runAura(['exporter', 'host'])
  const [, url] = await aura.until(exporterUrl)
  expect((await fetch(`${url}/metrics`)).status).toBe(200)
  expect(await aura.stop()).toBe(0)
  expect(otlp.received).toEqual([])
  expect(aura.output().trim().split('\n')).toHaveLength(1)
})

test('an endpoint that does not answer is one line, and stops nothing', async () => {
  await using aura = runAura(['exporter', 'host'], {
    AURA_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    AURA_TELEMETRY_METRICS_INTERVAL: '200ms',
  })
  const [, url] = await aura.until(exporterUrl)
  await aura.until(/OTLP export fails/)
  expect(await (await fetch(`${url}/metrics/host`)).text()).toContain('node_load1')
  await aura.stop()
  expect(aura.output().match(/OTLP export fails/g)).toHaveLength(1)
})
