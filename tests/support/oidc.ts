import type { OidcConfig } from '../../src/auth/oidc/config.ts'
import { startAccounts, startDatabase, type Accounts } from './accounts.ts'
import { clientSecret, createBrowser, startProvider } from './provider.ts'

export const people = {
  'sub-grace': {
    preferred_username: 'grace',
    name: 'Grace',
    email: 'grace@example.org',
    email_verified: true,
    groups: ['admins'],
  },
  'sub-ada': { preferred_username: 'ada', name: 'Another Ada', email: 'ada@example.org', email_verified: false },
  'sub-bob': { preferred_username: 'bobby', name: 'Bob', email: 'BOB@example.org', email_verified: true },
  'sub-mallory': { preferred_username: 'mallory', email: 'mallory@evil.example', email_verified: true },
  'sub-henry': { preferred_username: 'henry' },
  'sub-nameless': {},
}

/** A database, a provider, and an Aura that knows it, with two who have accounts already: ada and bob. */
export async function startOidc() {
  const database = await startDatabase()
  const provider = await startProvider(people)
  const config = (more: Partial<OidcConfig> = {}): Partial<OidcConfig> => ({
    issuer: provider.issuer,
    client_id: 'aura',
    client_secret: clientSecret,
    scopes: ['openid', 'profile', 'email', 'groups'],
    auto_create: true,
    role_map: { admins: 'administrator', watchers: 'viewer', ghosts: 'no-such-role' },
    ...more,
  })
  const aura = await startAccounts(database, { oidc: config() })
  await aura.person('ada', 'owner')
  await aura.person('bob', 'viewer')
  await database.db.updateTable('aura.user').set({ email: 'ada@example.org' }).where('login', '=', 'ada').execute()
  await database.db.updateTable('aura.user').set({ email: 'bob@Example.org' }).where('login', '=', 'bob').execute()
  return {
    database,
    provider,
    aura,
    config,
    async [Symbol.asyncDispose]() {
      await aura[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

export type TestOidc = Awaited<ReturnType<typeof startOidc>>

export const start = (at: Accounts, to = '/governance'): string =>
  `${at.origin}/api/account/oidc/start?to=${encodeURIComponent(to)}`
export const callback = (at: Accounts): string => `${at.origin}/api/account/oidc/callback`

/** The address with which a person comes back, not yet opened, and the browser that may open it. */
export async function away(at: Accounts, person: string, from = start(at), browser = createBrowser()) {
  const begun = await browser.visit(from)
  if (begun.next === undefined) throw new Error(`${begun.status}: ${begun.text}`)
  return { browser, back: await browser.comeBack(begun.next, person, callback(at)), asked: new URL(begun.next) }
}

export async function signIn(at: Accounts, person: string) {
  const { browser, back } = await away(at, person)
  const answer = await browser.visit(back)
  const view = await browser.visit(`${at.origin}/api/account`)
  return { browser, answer, view: view.status === 200 ? JSON.parse(view.text) : undefined }
}

export const code = (text: string): string => JSON.parse(text).error.code
export const asProgram = { headers: { accept: 'application/json' } }
