import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { toSyslog } from '../../src/audit/syslog.ts'

const checkpoint = { seq: 7, hash: 'ab', time: '2026-11-01T00:00:00.000Z', signature: 'c2ln' }
const message = new RegExp(
  `^<109>1 2026-11-01T00:00:00\\.000Z \\S+ aura \\d+ checkpoint - ${JSON.stringify(checkpoint).replaceAll(/[{}]/g, String.raw`\$&`)}$`,
)

test.each(['', 'udp://'])('a datagram goes to %shost:port', async (prefix) => {
  const server = createSocket('udp4').bind(0, '127.0.0.1')
  await once(server, 'listening')
  const got = once(server, 'message')
  await toSyslog(`${prefix}127.0.0.1:${server.address().port}`).send(checkpoint)
  expect(String((await got)[0])).toMatch(message)
  server.close()
})

test('by TCP it is framed by its length', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const got = once(server, 'connection').then(([socket]) => text(socket as Socket))
  await toSyslog(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`).send(checkpoint)
  const [, length, rest = ''] = /^(\d+) ([^]*)$/.exec(await got) ?? []
  expect(Number(length)).toBe(Buffer.byteLength(rest))
  expect(rest).toMatch(message)
  server.close()
})

test('nobody there is a failure', async () => {
  const server = createServer().listen(0, '::1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  await expect(toSyslog(`tcp://[::1]:${port}`).send(checkpoint)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
