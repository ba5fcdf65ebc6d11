import { render } from 'solid-js/web'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAccount } from '../src/account/account.ts'
import { App } from '../src/app.tsx'
import { createTestTab } from './support/server.ts'

const view = {
  user: { id: 'u1', name: 'Ada' },
  proof: 'session',
  capabilities: ['role:read'],
  roles: ['owner'],
  trust: 100,
  policyVersion: 1,
  csrf: 'c1',
}
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
const refused = (status: number, code: string, more: object = {}) =>
  json({ error: { code, message: code, ...more } }, status)

interface Asked {
  readonly path: string
  readonly method: string
  readonly csrf: string | null
  readonly body: unknown
}

let asked: Asked[]
let answer: (request: Asked) => Response
let dispose: (() => void) | undefined

beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    const request = { path, method: init.method ?? 'GET', csrf: headers.get('x-csrf-token'), body }
    asked.push(request)
    return answer(request)
  })
})
afterEach(() => {
  dispose?.()
  dispose = undefined
  vi.unstubAllGlobals()
})

async function signedIn() {
  answer = () => json(view)
  const account = createAccount()
  await account.reload()
  asked = []
  return account
}

const show = (account: ReturnType<typeof createAccount>, path = '/no/such/page') => {
  history.replaceState(null, '', path)
  dispose = render(() => <App realtime={createTestTab().realtime} account={account} />, document.body)
}
const type = (selector: string, value: string) => {
  const field = document.querySelector<HTMLInputElement>(selector)
  if (field === null) throw new Error(`no ${selector}`)
  field.value = value
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
const submit = () => document.querySelector('form')?.requestSubmit()

it('sends what proves that this page sends it, and says what is held', async () => {
  const account = await signedIn()
  answer = () => json({ done: true })
  expect(await account.send('DELETE', '/api/x')).toEqual({ value: { done: true } })
  expect(asked).toEqual([{ path: '/api/x', method: 'DELETE', csrf: 'c1', body: undefined }])
  expect([account.may('role:read'), account.may('role:edit')]).toEqual([true, false])
})

it('loads the account anew when the token of the session is another, then sends again', async () => {
  const account = await signedIn()
  answer = ({ path, csrf }) => {
    if (path === '/api/account') return json({ ...view, csrf: 'c2' })
    return csrf === 'c2' ? json({ done: true }) : refused(403, 'CSRF')
  }
  expect(await account.send('POST', '/api/x', {})).toEqual({ value: { done: true } })
})

it('asks for the password where the server wants it, and then goes on by itself', async () => {
  const account = await signedIn()
  show(account)
  let proved = false
  answer = ({ path, body }) => {
    if (path !== '/api/account/confirm')
      return proved ? json({ done: true }) : refused(403, 'REAUTHENTICATION_REQUIRED')
    proved = (body as { password: string }).password === 'right'
    return proved ? json(view) : refused(401, 'WRONG_CREDENTIALS')
  }
  const sent = account.send('POST', '/api/x', {})
  await expect.poll(() => document.querySelector('dialog h2')?.textContent).toBe('Confirm that it is you')
  type('dialog input[type=password]', 'wrong')
  submit()
  await expect.poll(() => document.querySelector('dialog [role=alert]')?.textContent).toBe('That is not your password.')
  type('dialog input[type=password]', 'right')
  submit()
  expect(await sent).toEqual({ value: { done: true } })
  expect(document.querySelector('dialog')).toBeNull()
})

it('changes nothing when the password is not given', async () => {
  const account = await signedIn()
  show(account)
  answer = () => refused(403, 'REAUTHENTICATION_REQUIRED')
  const sent = account.send('POST', '/api/x', {})
  await expect.poll(() => document.querySelector('dialog')).not.toBeNull()
  document.querySelector<HTMLButtonElement>('dialog [aria-label=Close]')?.click()
  expect(await sent).toMatchObject({ refusal: { code: 'CANCELLED' } })
})

it('shows the sign-in page as soon as the session is over, and the page again afterwards', async () => {
  const account = await signedIn()
  show(account)
  expect(document.querySelector('h1')?.textContent).toBe('No such page')
  answer = () => refused(401, 'UNAUTHENTICATED')
  await account.send('GET', '/api/x')
  await expect.poll(() => document.querySelector('h1')?.textContent).toBe('Sign in')
  answer = ({ body }) =>
    (body as { password: string }).password === 'right' ? json(view) : refused(429, 'TOO_MANY_TRIES', { retryAfter: 1 })
  type('[autocomplete=username]', 'ada')
  type('[autocomplete=current-password]', 'wrong')
  submit()
  await expect.poll(() => document.querySelector('[role=timer]')?.textContent).toContain('Try again in 1')
  await expect.poll(() => document.querySelector('[role=timer]'), { timeout: 3000 }).toBeNull()
  type('[autocomplete=current-password]', 'right')
  submit()
  await expect.poll(() => document.querySelector('h1')?.textContent).toBe('No such page')
})

it('takes the secret of a link out of the address', async () => {
  const account = createAccount()
  answer = () => json({ mode: 'accounts', setup: true, methods: [] })
  show(account, '/setup#token=secret-1')
  await expect.poll(() => document.querySelector('h1')?.textContent).toBe('Set up Aura')
  expect(location.hash).toBe('')
  answer = () => json(view)
  type('[name=username]', 'ada')
  type('[name=new-password]', 'correct horse battery')
  submit()
  await expect
    .poll(() => asked.find(({ path }) => path === '/api/account/setup')?.body)
    .toEqual({
      token: 'secret-1',
      login: 'ada',
      name: 'ada',
      password: 'correct horse battery',
    })
})
