import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFor, live, openPage, startBrowser, violations, type Opened } from '../support/browser.ts'
import { act, asks, pick, secret, setUp, signIn, startHome, type Home } from '../support/governance-browser.ts'

const executablePath = chromiumFor('governance in Chromium')
const test = it.skipIf(executablePath === undefined)

let home: Home
let browser: Browser
/** The owner, at home all along. */
let ada: Opened
/** Somebody who was invited. */
let grace: Opened

const governance = (path: string) => `${home.url}/governance/${path}`

beforeAll(async () => {
  if (executablePath === undefined) return
  // So short that the password is asked for again during these tests.
  home = await startHome({ AURA_AUTH_REAUTHENTICATION: '3s' })
  browser = await startBrowser(executablePath)
})
afterAll(async () => {
  await browser?.close()
  await home?.[Symbol.asyncDispose]()
})

test('first start: the link makes the owner, and its secret leaves the address', async () => {
  ada = await openPage(browser, home.link, { bypassCSP: true })
  await ada.page.getByRole('heading', { name: 'Set up Aura' }).waitFor()
  expect(ada.page.url()).toBe(`${home.url}/setup`)
  expect(await violations(ada.page)).toEqual([])
  await setUp(ada.page, { login: 'ada', shown: 'Ada Lovelace' })
  await live(ada.page)
  expect(await ada.page.getByText('Signed in as').textContent()).toContain('Signed in as')
})

test('without a session: the sign-in page, the same words for any mistake, and back to where one was', async () => {
  await using stranger = await openPage(browser, governance('people'), { bypassCSP: true })
  const { page } = stranger
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  const said = async (login: string, password: string) => {
    await signIn(page, login, password)
    return page.getByRole('alert').getByText(/\w/).textContent()
  }
  const wrong = await said('ada', 'not the password')
  expect(await said('nobody-at-all', 'not the password')).toBe(wrong)
  await signIn(page, 'ada')
  await page.getByRole('heading', { name: 'People' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/governance/people')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  for (let status = 401; status === 401;) {
    const answered = page.waitForResponse(/\/sign-in$/)
    await signIn(page, 'nobody-at-all', 'not the password')
    status = (await answered).status()
  }
  expect(await page.getByRole('timer').textContent()).toMatch(/Try again in/)
  expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true)
})

async function createRole(): Promise<void> {
  const { page } = ada
  await page.goto(governance('roles'))
  await page.getByRole('button', { name: 'New role…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New role' })
  await dialog.getByLabel('Name').fill('Night watch')
  expect(await dialog.getByLabel('Id').inputValue()).toBe('night-watch')
  const line = page.getByRole('treeitem', { name: /^Night watch/ })
  await act(page, dialog.getByRole('button', { name: 'Create' }), line)
  await line.click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('group', { name: 'Rule 1' }).getByLabel('Capability').selectOption('system:read')
  await act(page, page.getByRole('button', { name: 'Save' }), page.getByText('version 2'))
}

/** Invites Grace and gives her the role; the link for her. */
async function invite(): Promise<string> {
  const { page } = ada
  await page.goto(governance('people'))
  await page.getByRole('button', { name: 'Invite…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByLabel('User name').fill('grace')
  await dialog.getByLabel('Display name').fill('Grace Hopper')
  const link = dialog.getByRole('group', { name: 'Invitation link' }).locator('code')
  await act(page, dialog.getByRole('button', { name: 'Create the user' }), link)
  const url = (await link.textContent()) ?? ''
  await dialog.getByRole('button', { name: 'Done' }).click()
  return url
}

async function assign(role: string): Promise<void> {
  const { page } = ada
  await page.goto(governance('people'))
  await page.getByRole('button', { name: 'Assign a role…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Assign a role' })
  await pick(dialog, 'User', 'grace')
  await dialog.getByLabel('Role').selectOption(role)
  await act(page, dialog.getByRole('button', { name: 'Assign' }), takeAway(role))
  await dialog.waitFor({ state: 'detached' })
}

const takeAway = (role: string) => ada.page.getByRole('button', { name: `Take away ${role} from Grace Hopper` })

test('a new role, for somebody who was invited; what it leaves out is refused, with why and who could grant it', async () => {
  await createRole()
  const link = await invite()
  await assign('night-watch')
  grace = await openPage(browser, link, { bypassCSP: true })
  await setUp(grace.page)
  await grace.page.getByText('Uptime').first().waitFor({ timeout: 20_000 })
  await grace.page.goto(governance('audit'))
  const refusal = grace.page.getByText('You may not see this').locator('..')
  await refusal.getByText('Ada Lovelace can grant it.').waitFor()
  expect(await refusal.textContent()).toContain('audit:read')
  expect(await violations(grace.page)).toEqual([])
})

test('what is taken away goes within five seconds from a browser that is open', async () => {
  await grace.page.goto(home.url)
  await live(grace.page)
  await grace.page.getByText('Uptime').first().waitFor()
  await ada.page.goto(governance('people'))
  await act(ada.page, takeAway('night-watch'))
  await takeAway('night-watch').waitFor({ state: 'detached' })
  await grace.page.getByText('You may not see this page').waitFor({ timeout: 5000 })
  await ada.page.goto(governance('sessions'))
  await ada.page.getByRole('button', { name: 'End the session of Grace Hopper' }).click()
  await grace.page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 5000 })
})

/** The owner asks for the deletion of the first model; its request on the page of approvals. */
async function askForDeletion() {
  const { page } = ada
  await page.goto(`${home.url}/models`)
  await page
    .getByRole('button', { name: /^Delete… / })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: /^Delete / })
  await dialog.getByLabel('Reason').fill('nobody uses it')
  await dialog.getByRole('button', { name: 'Ask for its deletion' }).click()
  await page.getByText('deletion waits').first().waitFor()
  await page.goto(governance('approvals'))
  return page.getByRole('region', { name: /^Delete model / })
}

test('a second person approves, and nobody their own request', async () => {
  await assign('operator')
  const mine = await askForDeletion()
  await mine.getByText('You asked for this yourself').waitFor()
  expect(await mine.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  expect(await mine.getByRole('timer').textContent()).toMatch(/expires in/)
  await signIn(grace.page, 'grace')
  await grace.page.getByRole('button', { name: 'Sign out' }).waitFor()
  await grace.page.goto(governance('approvals'))
  const theirs = grace.page.getByRole('region', { name: /^Delete model / })
  await theirs.getByLabel('Comment').fill('agreed')
  // Longer than what was proved at the sign-in is good for.
  await grace.page.waitForTimeout(3500)
  await theirs.getByRole('button', { name: 'Approve' }).click()
  await asks(grace.page).waitFor()
  expect(await violations(grace.page)).toEqual([])
  await asks(grace.page).getByLabel('Password').fill('not the password')
  await asks(grace.page).getByRole('button', { name: 'Confirm' }).click()
  await asks(grace.page).getByText('That is not your password.').waitFor()
  await asks(grace.page).getByLabel('Password').fill(secret)
  await asks(grace.page).getByRole('button', { name: 'Confirm' }).click()
  await theirs.getByText(/^\W?done$/).waitFor()
  await ada.page.getByRole('radio', { name: 'All' }).check({ force: true })
  await mine.getByText('“agreed”').waitFor()
})
