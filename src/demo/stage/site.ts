import { WebSocket } from 'ws'
import { pause } from '../traffic/crowd.ts'

/** Somebody who uses the demonstration; a token of theirs. */
export interface Visitor {
  readonly token: string
  leave(): Promise<void>
}

/** Lets the simulated visitor in; undefined while nobody else has an account. */
export type Invite = () => Promise<Visitor>

/** The console as visitors see it. */
export interface Site {
  /** Whether everybody signs in. */
  readonly accounts: boolean
  /** Whether visitors may read anything yet. */
  readonly open: boolean
  /** As the visitor; a body makes it a POST. */
  request(path: string, body?: object): Promise<Response>
  /** As nobody: tries to sign in. */
  signIn(login: string, password: string): Promise<Response>
  /** A socket that has been let in: its ticket is spent. */
  socket(path: string): Promise<WebSocket>
  /** The first command of a connection. */
  connectCommand(): Promise<object>
  close(): Promise<void>
}

interface Methods {
  readonly mode: 'none' | 'accounts'
  readonly setup: boolean
}

/** ms between two looks for whether somebody has made an account. */
const lookEvery = 5000

/** Waits until the owner has come, who must be the first to have an account; then the visitor gets one. */
async function enter(origin: string, invite: Invite, signal: AbortSignal): Promise<Visitor | undefined> {
  while (!signal.aborted) {
    const answer = await fetch(`${origin}/api/account/methods`, { signal }).catch(() => undefined)
    const methods = (await answer?.json().catch(() => undefined)) as Methods | undefined
    if (methods?.setup === false) return invite().catch(() => undefined)
    await pause(lookEvery, signal)
  }
  return undefined
}

async function ticketOf(request: Site['request']): Promise<string> {
  const answer = await request('/api/account/ticket', {})
  return ((await answer.json()) as { readonly ticket: string }).ticket
}

async function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  socket.on('error', () => undefined)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('close', reject).once('error', reject))
  return socket
}

/** `origin` is where the console answers; nobody visits without an invitation. */
export function openSite(origin: string, accounts: boolean, invite: Invite | undefined): Site {
  const end = new AbortController()
  let visitor: Visitor | undefined
  const entering =
    accounts && invite !== undefined
      ? enter(origin, invite, end.signal).then((entered) => void (visitor = entered))
      : Promise.resolve()
  const request: Site['request'] = (path, body) =>
    fetch(origin + path, {
      signal: AbortSignal.any([end.signal, AbortSignal.timeout(10_000)]),
      headers: {
        ...(visitor && { authorization: `Bearer ${visitor.token}` }),
        // Without an origin, as a script: a ticket is good only where it was asked for.
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
  return {
    accounts,
    get open() {
      return !accounts || visitor !== undefined
    },
    request,
    signIn: (login, password) =>
      fetch(`${origin}/api/account/sign-in`, {
        method: 'POST',
        signal: end.signal,
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ login, password }),
      }),
    async connectCommand() {
      return { id: 1, connect: accounts ? { token: await ticketOf(request) } : {} }
    },
    socket: (path) => opened(origin.replace('http', 'ws') + path),
    async close() {
      end.abort()
      await entering
      await visitor?.leave().catch(() => undefined)
    },
  }
}
