import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFor, openPage, startBrowser, violations, type Opened } from '../support/browser.ts'
import { apiOf, setUp, startHome, type Home } from '../support/governance-browser.ts'

const executablePath = chromiumFor('the pages of governance in Chromium')
const test = it.skipIf(executablePath === undefined)

let home: Home
let browser: Browser
/** The owner. */
let ada: Opened

const governance = (path: string) => `${home.url}/governance/${path}`

beforeAll(async () => {
  if (executablePath === undefined) return
  home = await startHome()
  browser = await startBrowser(executablePath)
  ada = await openPage(browser, home.link, { bypassCSP: true })
  await setUp(ada.page, { login: 'ada', shown: 'Ada Lovelace' })
})
afterAll(async () => {
  await browser?.close()
  await home?.[Symbol.asyncDispose]()
})

const rowsLoaded = () => ada.page.getByText(/^\d+ rows are loaded\.$/).textContent()

test('the audit log is filtered, and followed while 500 events arrive in ten seconds', async () => {
  const { page } = ada
  const api = await apiOf(home.url, 'ada')
  // An export of nothing: each is two rows of the log, its beginning and its end, and asks for no password.
  const happen = () => api('/api/governance/audit-logs/export?q=nothing-is-like-this')
  await page.goto(governance('audit'))
  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.getByText(/verified to #[\d,]+/).waitFor()
  await page.getByLabel('Action').fill('audit.export')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByText('No row is like that.').waitFor()
  expect(new URL(page.url()).searchParams.get('action')).toBe('audit.export')
  await page.evaluate(watchLongTasks)
  const began = Date.now()
  for (let each = 0; each < 250; each++) {
    await happen()
    await page.waitForTimeout(Math.max(0, began + each * 40 - Date.now()))
  }
  await expect.poll(rowsLoaded, { timeout: 20_000 }).toBe('500 rows are loaded.')
  const longest = await page.evaluate<number>('globalThis.longest')
  // The watch itself works: a task that is long is seen.
  await page.evaluate('setTimeout(() => { for (const end = performance.now() + 120; performance.now() < end; ); })')
  await expect.poll(() => page.evaluate<number>('globalThis.longest')).toBeGreaterThan(100)
  expect(longest).toBeLessThan(250)
  expect(await page.locator('.table-long tbody tr').count()).toBeLessThan(80)
  await page.getByRole('button', { name: 'Pause' }).click()
  for (let each = 0; each < 2; each++) await happen()
  await page.getByRole('button', { name: '4 new' }).click()
  expect(await rowsLoaded()).toBe('504 rows are loaded.')
  await page.getByLabel('Action').fill('session.*')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByText('session.create').first().waitFor()
})

const watchLongTasks = `(() => {
  globalThis.longest = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration)
  }).observe({ entryTypes: ['longtask'] })
})()`

test('the tree of roles by keyboard alone', async () => {
  const { page } = ada
  await page.goto(governance('roles'))
  await page.getByRole('treeitem', { name: /^Owner/ }).waitFor()
  const at = () => page.evaluate<string>(`document.activeElement.getAttribute('data-id')`)
  for (let tabs = 0; tabs < 40 && (await at()) === null; tabs++) await page.keyboard.press('Tab')
  const press = async (key: string) => {
    await page.keyboard.press(key)
    return at()
  }
  expect(await at()).toBe('owner')
  expect(await press('ArrowDown')).toBe('administrator')
  expect(await press('End')).not.toBe('administrator')
  expect(await press('Home')).toBe('owner')
  expect(await press('v')).toBe('viewer')
  expect(await press('ArrowLeft')).toBe('member')
  expect(await press('ArrowLeft')).toBe('member')
  expect(await page.getByRole('treeitem', { name: /^Viewer/ }).count()).toBe(0)
  expect(await press('ArrowRight')).toBe('member')
  expect(await press('ArrowRight')).toBe('viewer')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Viewer', exact: true }).waitFor()
  expect(await page.getByRole('treeitem', { selected: true }).getAttribute('data-id')).toBe('viewer')
  await page.getByRole('radio', { name: 'Table' }).check({ force: true })
  await page.getByRole('rowheader', { name: 'audit:export' }).waitFor()
})

const parts = ['roles', 'why', 'people', 'sessions', 'approvals', 'audit', 'alerts', 'code']

const looks = ['light', 'dark'] as const

it.skipIf(executablePath === undefined).each(looks)(
  'every page in %s: axe finds nothing, nothing scrolls sideways, no error',
  async (colorScheme) => {
    const storageState = await ada.page.context().storageState()
    for (const path of [...parts.map(governance), `${home.url}/settings/account`]) {
      await using opened = await openPage(browser, path, { colorScheme, storageState, bypassCSP: true })
      const { page, errors } = opened
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.getByText('Asking for').first().waitFor({ state: 'detached' })
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await violations(page), `${path} at ${width}`).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(width)
      }
      expect(errors, path).toEqual([])
    }
  },
  180_000,
)
