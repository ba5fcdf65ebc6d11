import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { systemCaller } from '../../../src/auth/policy/check.ts'
import type { Database } from '../../../src/database/index.ts'
import { startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'
import { until } from '../../support/realtime.ts'

let database: Database & AsyncDisposable
let aura: Accounts
let url: string
let bobId: string
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database, { watch: 500 })
  await aura.person('ada', 'owner')
  bobId = await aura.person('bob', 'viewer')
  url = `ws://${aura.host}/connection/websocket`
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

interface Socket {
  readonly socket: WebSocket
  readonly frames: Record<string, unknown>[]
  closed: number | undefined
}

/** Opens a socket and sends the commands; resolves when it is open, or with the status of the refusal. */
function open(headers: Record<string, string>, ...commands: object[]): Promise<Socket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers })
    const opened: Socket = { socket, frames: [], closed: undefined }
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      for (const line of data.toString().split('\n')) if (line !== '') opened.frames.push(JSON.parse(line))
    })
    socket.on('close', (code) => (opened.closed = code))
    socket.on('open', () => {
      for (const command of commands) socket.send(JSON.stringify(command))
      resolve(opened)
    })
  })
}

async function connected(headers: Record<string, string>, token?: string): Promise<Socket> {
  const subscribe = { id: 2, subscribe: { channel: 'system' } }
  const socket = await open(headers, { id: 1, connect: token === undefined ? {} : { token } }, subscribe)
  if (typeof socket === 'number') throw new Error(`refused: ${socket}`)
  await until(() => socket.frames.some(({ id }) => id === 2) || socket.closed !== undefined)
  return socket
}

const subscribed = (socket: Socket): boolean =>
  socket.frames.some(({ id, subscribe }) => id === 2 && subscribe !== undefined)

test('a session and our own origin open a socket; a foreign origin, none, or an ended session do not', async () => {
  const bob = await aura.signIn('bob')
  const { cookie } = bob
  const good = await connected({ cookie, origin: aura.origin })
  expect(subscribed(good)).toBe(true)
  good.socket.terminate()
  const foreign = [
    'null',
    'http://evil.example',
    `http://evil${aura.host}`,
    `http://127.0.0.1:${aura.port + 1}`,
    `https://${aura.host}`,
  ]
  for (const origin of foreign) expect(await open({ cookie, origin }), origin).toBe(403)
  expect(await open({ cookie })).toBe(403)
  await aura.post('/api/account/sign-out', {}, bob.headers)
  const ended = await connected({ cookie, origin: aura.origin })
  expect(ended.closed).toBe(3500)
})

test('a topic without the right is refused, and what is allowed is not', async () => {
  const { cookie } = await aura.signIn('bob')
  const both = [
    { id: 1, connect: {} },
    { id: 2, subscribe: { channel: 'audit' } },
    { id: 3, subscribe: { channel: 'system' } },
  ]
  const socket = await open({ cookie, origin: aura.origin }, ...both)
  if (typeof socket === 'number') throw new Error(String(socket))
  await until(() => socket.frames.some(({ id }) => id === 3))
  expect(socket.frames.find(({ id }) => id === 2)).toMatchObject({ error: { code: 103 } })
  expect(subscribed(socket) || socket.frames.find(({ id }) => id === 3)?.['subscribe'] !== undefined).toBe(true)
  socket.socket.terminate()
})

test('a revoked session ends its sockets at once, those of others stay', async () => {
  const [one, two] = [await aura.signIn('bob'), await aura.signIn('bob')]
  const [first, second] = [
    await connected({ cookie: one.cookie, origin: aura.origin }),
    await connected({ cookie: two.cookie, origin: aura.origin }),
  ]
  const ended = await aura.send(`/api/account/sessions/${one.id}`, { method: 'DELETE', headers: two.headers })
  expect(ended.statusCode).toBe(200)
  await until(() => first.closed !== undefined, 1000)
  expect([first.closed, second.closed]).toEqual([3500, undefined])
  second.socket.terminate()
})

test('a right that is taken away ends the subscription, and one that expires does too, within five seconds', async () => {
  const { cookie } = await aura.signIn('bob')
  const socket = await connected({ cookie, origin: aura.origin })
  const mine = aura.policy.compiled().policy.assignments.find(({ subject }) => subject.id === bobId)
  await aura.policy.unassign(systemCaller('setup'), mine?.id ?? '')
  await until(() => socket.frames.some(({ push }) => JSON.stringify(push)?.includes('2503')), 5000)
  const expiresAt = aura.time.now + 60_000
  const subject = { kind: 'user', id: bobId } as const
  await aura.policy.assign(systemCaller('setup'), { subject, role: 'viewer', scope: '*', expiresAt })
  socket.socket.send(JSON.stringify({ id: 9, subscribe: { channel: 'system' } }))
  await until(() => socket.frames.some(({ id, subscribe }) => id === 9 && subscribe !== undefined))
  const before = socket.frames.length
  aura.time.now += 60_000
  await until(() => socket.frames.slice(before).some(({ push }) => JSON.stringify(push)?.includes('2503')), 5000)
  socket.socket.terminate()
  await aura.policy.assign(systemCaller('setup'), { subject, role: 'viewer', scope: '*', expiresAt: undefined })
})

test('a session that a command ended, or that ran out, takes its sockets along within five seconds', async () => {
  const [one, two] = [await aura.signIn('bob'), await aura.signIn('bob')]
  const [first, second] = [
    await connected({ cookie: one.cookie, origin: aura.origin }),
    await connected({ cookie: two.cookie, origin: aura.origin }),
  ]
  await aura.identity.sweep()
  await using command = await startAccounts(database)
  await command.identity.accounts.revokeSession(systemCaller('os:root'), one.id)
  await until(() => first.closed !== undefined, 5000)
  expect(second.closed).toBeUndefined()
  aura.time.now += 7 * 86_400_000
  await until(() => second.closed !== undefined, 5000)
}, 20_000)

test('a ticket opens a socket once, for its origin, for half a minute', async () => {
  const bob = await aura.signIn('bob')
  const ticket = async (): Promise<string> => (await aura.post('/api/account/ticket', {}, bob.headers)).json().ticket
  const once = await ticket()
  const first = await connected({ origin: aura.origin }, once)
  expect(subscribed(first)).toBe(true)
  expect(aura.app.bridge.connections().map(({ principal }) => principal)).toContain(bobId)
  expect((await connected({ origin: aura.origin }, once)).closed).toBe(3500)
  // From elsewhere, or from no page at all, it is void, also for the next one who tries it.
  const elsewhere = await ticket()
  expect((await connected({}, elsewhere)).closed).toBe(3500)
  expect((await connected({ origin: aura.origin }, elsewhere)).closed).toBe(3500)
  const late = await ticket()
  aura.time.now += 30_000
  expect((await connected({ origin: aura.origin }, late)).closed).toBe(3500)
  expect((await connected({ origin: aura.origin })).closed).toBe(3500)
  expect((await connected({ origin: aura.origin }, 'x'.repeat(5000))).closed).toBeDefined()
  // It is its session that counts, not the ticket.
  await aura.post('/api/account/sign-out', {}, bob.headers)
  await until(() => first.closed !== undefined, 1000)
})

test('a socket that says nothing of itself reaches nothing, and only a hundred may wait', async () => {
  const socket = await open({ origin: aura.origin }, { id: 2, subscribe: { channel: 'system' } })
  if (typeof socket === 'number') throw new Error(String(socket))
  await until(() => socket.closed !== undefined)
  const topic = await fetch(`http://${aura.host}/api/poll?topic=system`)
  expect(topic.status).toBe(403)
  const all = await Promise.all(Array.from({ length: 130 }, () => open({ origin: aura.origin })))
  expect(all.filter((each) => each === 401).length).toBeGreaterThanOrEqual(25)
  for (const each of all) if (typeof each === 'object') each.socket.terminate()
})

test('a token opens a socket without an origin; a bad one does not', async () => {
  const bob = await aura.signIn('bob')
  await aura.policy.assign(systemCaller('setup'), {
    subject: { kind: 'user', id: bobId },
    role: 'member',
    scope: '*',
    expiresAt: undefined,
  })
  const made = await aura.identity.accounts.createToken(systemCaller('setup'), { userId: bobId, name: 'k6' })
  const socket = await connected({ authorization: `Bearer ${made.secret}` })
  expect(subscribed(socket)).toBe(true)
  expect(await open({ authorization: `Bearer ${made.secret.slice(0, -1)}` })).toBe(401)
  await aura.send(`/api/account/tokens/${made.id}`, { method: 'DELETE', headers: bob.headers })
  await until(() => socket.closed !== undefined, 1000)
})
