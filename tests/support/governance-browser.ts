import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { runAura } from './aura.ts'
import { addressesOf, alone, buildConsole } from './browser.ts'

/** An Aura with accounts, and nobody in it yet. */
export interface Home extends AsyncDisposable {
  /** Of the console. */
  readonly url: string
  /** Makes the first owner. */
  readonly link: string
}

/** Builds the console and starts an Aura with accounts, a simulated Ollama beside it, on a database of its own. */
export async function startHome(env: Record<string, string> = {}): Promise<Home> {
  buildConsole()
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-governance-'))
  // The database's own account has to get in.
  chmodSync(dataDir, 0o755)
  const aura = runAura(['demo', '--alone'], { ...alone, AURA_AUTH_MODE: 'accounts', AURA_DATA_DIR: dataDir, ...env })
  const { console: url } = await addressesOf(aura)
  const [link] = await aura.until(/http:\S+\/setup#token=\S+/)
  return {
    url,
    link,
    async [Symbol.asyncDispose]() {
      await aura[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The password of everybody in these tests. */
export const secret = 'correct horse battery'

/** Fills in the page of a one-time link and waits until the console is there. */
export async function setUp(page: Page, name?: { readonly login: string; readonly shown: string }): Promise<void> {
  if (name !== undefined) {
    await page.getByLabel('User name').fill(name.login)
    await page.getByLabel('Display name').fill(name.shown)
  }
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: name === undefined ? 'Set the password' : 'Become the owner' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor({ timeout: 20_000 })
}

/** Signs in on a page that asks for it. */
export async function signIn(page: Page, login: string, password = secret): Promise<void> {
  await page.getByLabel('User name').fill(login)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export const asks = (page: Page): Locator => page.getByRole('dialog', { name: 'Confirm that it is you' })

/** The answer to the next change that the page sends, confirming apart. */
const change = (page: Page) =>
  page.waitForResponse((answer) => answer.request().method() !== 'GET' && !/\/(?:confirm|why)$/.test(answer.url()))

/** Does something, and gives the password where it is asked for; with what is there once it is done. */
export async function act(page: Page, button: Locator, done?: Locator): Promise<void> {
  let answered = change(page)
  await button.click()
  if ((await answered).status() === 403) {
    answered = change(page)
    await asks(page).getByLabel('Password').fill(secret)
    await asks(page).getByRole('button', { name: 'Confirm' }).click()
    await answered
  }
  await done?.waitFor({ timeout: 20_000 })
}

/** Chooses somebody in a field that finds users. */
export async function pick(within: Locator | Page, label: string, text: string): Promise<void> {
  await within.getByLabel(label).fill(text)
}

/** GET of the API as somebody with a session of their own; the answer's text. */
export async function apiOf(origin: string, login: string): Promise<(path: string) => Promise<string>> {
  const headers = { origin, 'content-type': 'application/json' }
  const body = JSON.stringify({ login, password: secret })
  const answer = await fetch(`${origin}/api/account/sign-in`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`${login} cannot sign in: ${await answer.text()}`)
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return async (path) => {
    const sent = await fetch(origin + path, { headers: { origin, cookie } })
    if (!sent.ok) throw new Error(`${path}: ${sent.status} ${await sent.text()}`)
    return sent.text()
  }
}
