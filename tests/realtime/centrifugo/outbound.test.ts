import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createCentrifugoApi } from '../../../src/realtime/engines/centrifugo/api.ts'
import { createCentrifugoEngine } from '../../../src/realtime/engines/centrifugo/index.ts'
import { describeStatus } from '../../../src/realtime/engines/centrifugo/status.ts'
import { topics, until } from '../../support/realtime.ts'

interface Command {
  readonly publish?: { readonly channel: string; readonly data: { readonly v: unknown; readonly k: string } }
}

/** A server that answers each command of a batch as told, and keeps what was published. */
async function startAnswering(answer: (command: Command) => object, status = () => 200) {
  const published: NonNullable<Command['publish']>[] = []
  async function read(request: IncomingMessage): Promise<readonly Command[]> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    return (JSON.parse(text) as { commands: Command[] }).commands
  }
  const server = createServer((request, response) => {
    void read(request).then((commands) => {
      const replies = commands.map((command) => answer(command))
      commands.forEach(({ publish }, i) => {
        if (publish !== undefined && status() === 200 && !('error' in (replies[i] ?? {}))) published.push(publish)
      })
      response.writeHead(status()).end(JSON.stringify({ replies }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    published,
    [Symbol.dispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const lines: string[] = []
const logger = {
  error: (_fields: object, line: string) => void lines.push(line),
  warn: (_fields: object, line: string) => void lines.push(line),
  info: (_fields: object, line: string) => void lines.push(line),
}

async function startEngine(url: string) {
  const engine = createCentrifugoEngine({ api: createCentrifugoApi({ url, key: 'key', timeout: 1000 }), logger })
  for (const topic of topics) await engine.declare(topic)
  return Object.assign(engine, { [Symbol.asyncDispose]: () => engine.close() })
}

test('a topic that is refused holds up no other, and is told once', async () => {
  using server = await startAnswering(({ publish }) =>
    publish?.channel === 'alert' ? { error: { code: 102, message: 'unknown channel' } } : { publish: {} },
  )
  await using engine = await startEngine(server.url)
  lines.length = 0
  for (let n = 1; n <= 3; n++) {
    engine.publish('alert', n)
    engine.publish('event', n)
  }
  await until(() => server.published.length === 3)
  expect(server.published.map(({ channel, data }) => [channel, data.v])).toEqual([1, 2, 3].map((n) => ['event', n]))
  await until(() => lines.length > 0)
  expect(lines).toEqual(['Centrifugo refuses alert: unknown channel'])
  expect(describeStatus(engine.status)).toBe('Centrifugo refuses alert: unknown channel')
  expect(engine.status.queued).toBe(3)
})

test('a wrong key is said to be one', async () => {
  using server = await startAnswering(
    () => ({}),
    () => 401,
  )
  await using engine = await startEngine(server.url)
  await until(() => engine.status.state === 'down')
  expect(describeStatus(engine.status)).toMatch(/^Centrifugo unreachable since .*realtime\.centrifugo\.api_key/)
})

test('an outage leaves one snapshot of state, the newest 1000 of the rest, and a count of what is lost', async () => {
  let away = true
  using server = await startAnswering(
    ({ publish }) => (publish ? { publish: {} } : {}),
    () => (away ? 503 : 200),
  )
  await using engine = await startEngine(server.url)
  for (let n = 1; n <= 1200; n++) {
    engine.publish('stream', n)
    engine.publish('state', n, `key${n % 3}`)
  }
  await until(() => engine.status.state === 'down')
  expect(engine.status).toMatchObject({ queued: 1001, lost: 200 })
  away = false
  await until(() => engine.status.queued === 0, 20_000)
  const values = (channel: string) =>
    server.published.filter((each) => each.channel === channel).map(({ data }) => data)
  expect(values('stream').map(({ v }) => v)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 201))
  expect(values('state')).toMatchObject([{ k: 'snap', v: { key0: 1200, key1: 1198, key2: 1199 } }])
})

test('whoever joins a state topic gets the newest once more, for what passed by meanwhile', async () => {
  using server = await startAnswering(({ publish }) => (publish ? { publish: {} } : {}))
  await using engine = await startEngine(server.url)
  engine.publish('state', 1, 'key')
  await until(() => server.published.length === 1)
  engine.joined('state')
  await until(() => server.published.length === 3)
  expect(server.published.map(({ data }) => data.v)).toEqual([{ key: 1 }, { key: 1 }, { key: 1 }])
})
