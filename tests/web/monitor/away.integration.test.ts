import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { live, tile } from '../../support/browser.ts'
import { useBrowser } from '../../support/use-console.ts'
import { alerts, system } from './readings.ts'
import { servePages, type ServedPages } from './serve.ts'

const { missing, browser } = useBrowser('parts of a page that are wanted while Aura is away, in Chromium')
const use = it.skipIf(missing)

let served: ServedPages
let context: BrowserContext

beforeEach(async () => {
  if (missing) return
  served = await servePages()
  served.say({ system, alerts })
  context = await browser().newContext({ viewport: { width: 1440, height: 900 } })
})
afterEach(async () => {
  await context?.close()
  await served?.close()
})

async function open(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(served.url)
  await live(page)
  await tile(page, 'Network').waitFor()
  return page
}
const details = (page: Page) => page.getByRole('group', { name: 'Details' })
const waiting = (page: Page) => page.getByText('Waiting for Aura')

use('says what it waits for, keeps the numbers, and goes on when Aura is back', async () => {
  const page = await open()
  const port = Number(new URL(served.url).port)
  await served.close()
  await tile(page, 'Network').getByRole('button').click()
  await waiting(page).first().waitFor()
  expect(await tile(page, 'CPU').innerText()).toMatch(/\d/)
  served = await servePages(port)
  served.say({ system, alerts })
  await details(page).getByText('eth0', { exact: true }).waitFor()
  await expect.poll(() => waiting(page).count(), { timeout: 20_000 }).toBe(0)
})

use('opens another page, which comes when Aura is back', async () => {
  const page = await open()
  const port = Number(new URL(served.url).port)
  await served.close()
  await page.getByRole('link', { name: 'Connections' }).click()
  await waiting(page).first().waitFor()
  served = await servePages(port)
  await page.getByRole('heading', { name: 'Connections' }).waitFor()
  // Its styles as well; Vite itself asks once only. Of one that did not come the rules may not be read.
  const rules = () =>
    page.evaluate(() => [...document.styleSheets].map(({ cssRules }) => cssRules.length)).catch(() => [0])
  await expect.poll(async () => Math.min(...(await rules())), { timeout: 10_000 }).toBeGreaterThan(0)
  expect((await rules()).length).toBeGreaterThan(1)
})

use('loads the page anew once Aura was updated, for the part is gone then', async () => {
  const page = await open()
  await context.route(/\/assets\/details-/, (route) => route.fulfill({ status: 404 }))
  await context.route(served.url + '/', async (route) => {
    if (route.request().resourceType() !== 'fetch') return route.fallback()
    const answer = await route.fetch()
    return route.fulfill({
      response: answer,
      body: (await answer.text()).replace(/index-[\w-]+\.js/, 'index-newer.js'),
    })
  })
  const loaded = page.waitForEvent('load')
  await tile(page, 'Network').getByRole('button').click()
  await loaded
  await live(page)
})

use('says so when Aura is there and the part does not come', async () => {
  const page = await open()
  await context.route(/\/assets\/details-/, (route) => route.abort())
  await tile(page, 'Network').getByRole('button').click()
  const alert = page.getByRole('alert').filter({ hasText: 'This part of the page cannot be loaded' })
  await alert.waitFor()
  expect(await tile(page, 'CPU').innerText()).toMatch(/\d/)
  await context.unroute(/\/assets\/details-/)
  await alert.getByRole('button', { name: 'Reload the page' }).click()
  await details(page).getByText('eth0', { exact: true }).waitFor()
})

use('finds its connection though the code for it does not come at first', async () => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  let left = 2
  await context.route(/\/assets\/owner-/, (route) => (left-- > 0 ? route.abort() : route.continue()))
  await open()
  expect(left).toBeLessThan(0)
})
