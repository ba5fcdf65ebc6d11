import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { systemCaller } from '../../../src/auth/policy/check.ts'
import type { Database } from '../../../src/database/index.ts'
import { startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'
import { until } from '../../support/realtime.ts'

let database: Database & AsyncDisposable
let aura: Accounts
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database, { watch: 500 })
  await aura.person('ada', 'owner')
  await aura.person('bob', 'viewer')
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

interface Opened {
  readonly status: number
  text: string
  ended: boolean
}

const commands = (token?: string): string =>
  `${JSON.stringify({ id: 1, connect: token === undefined ? {} : { token } })}\n${JSON.stringify({ id: 2, subscribe: { channel: 'system' } })}`

/** Reads an answer as it comes. */
async function stream(url: string, init: RequestInit): Promise<Opened> {
  const answer = await fetch(`${aura.origin}${url}`, init)
  const opened: Opened = { status: answer.status, text: '', ended: false }
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const part of answer.body ?? []) opened.text += decoder.decode(part, { stream: true })
  }
  const end = (): void => {
    opened.ended = true
  }
  void read().then(end, end)
  return opened
}

function socket(headers: Record<string, string>): Promise<Opened> {
  return new Promise((resolve) => {
    const opening = new WebSocket(`ws://${aura.host}/ws/system`, { headers })
    const opened: Opened = { status: 101, text: '', ended: false }
    opening.on('error', () => undefined)
    opening.on('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy()
      resolve({ status: statusCode, text: '', ended: true })
    })
    opening.on('message', (data: Buffer) => (opened.text += data.toString()))
    opening.on('close', (code) => Object.assign(opened, { ended: true, text: `${opened.text} closed ${code}` }))
    opening.on('open', () => resolve(opened))
  })
}

const ways: [string, (headers: Record<string, string>, token?: string) => Promise<Opened>][] = [
  [
    '/connection/sse',
    (headers, token) => stream(`/connection/sse?cf_connect=${encodeURIComponent(commands(token))}`, { headers }),
  ],
  [
    '/connection/http_stream',
    (headers, token) =>
      stream('/connection/http_stream', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: commands(token),
      }),
  ],
  ['/ws/system', (headers) => socket(headers)],
]

test.each(ways)('%s: a session opens it, and it ends within five seconds when that session does', async (_, open) => {
  const bob = await aura.signIn('bob')
  const opened = await open(bob.headers)
  expect([101, 200]).toContain(opened.status)
  await until(() => aura.app.bridge.connections().length > 0)
  expect(opened.ended).toBe(false)
  await aura.post('/api/account/sign-out', {}, bob.headers)
  await until(() => opened.ended, 5000)
  const again = await open(bob.headers)
  await until(() => again.ended, 5000)
  expect(again.text).not.toContain('"subscribe"')
})

test.each(ways)('%s: a foreign page is refused, whosoever the browser is', async (_, open) => {
  const bob = await aura.signIn('bob')
  for (const origin of ['null', 'https://evil.example', `http://evil${aura.host}`]) {
    expect([origin, (await open({ ...bob.headers, origin })).status]).toEqual([origin, 403])
  }
})

test.each(ways.slice(0, 2))('%s: a ticket opens it too, once', async (_, open) => {
  const bob = await aura.signIn('bob')
  const { ticket } = (await aura.post('/api/account/ticket', {}, bob.headers)).json()
  const first = await open({ origin: aura.origin }, ticket)
  await until(() => first.text.includes('"subscribe"') || first.ended)
  expect([first.ended, first.text.includes('"subscribe"')]).toEqual([false, true])
  const second = await open({ origin: aura.origin }, ticket)
  await until(() => second.ended, 5000)
  expect(second.text).not.toContain('"subscribe"')
  await aura.post('/api/account/sign-out', {}, bob.headers)
  await until(() => first.ended, 5000)
})

test('a role that is taken away ends what it allowed on a plain socket, too', async () => {
  const id = await aura.person('carol', 'viewer')
  const carol = await aura.signIn('carol')
  const opened = await socket(carol.headers)
  await until(() => aura.app.bridge.connections().length > 0)
  const mine = aura.policy.compiled().policy.assignments.find(({ subject }) => subject.id === id)
  await aura.policy.unassign(systemCaller('setup'), mine?.id ?? '')
  await until(() => opened.ended, 5000)
  expect(opened.text).toContain('closed 3507')
})
