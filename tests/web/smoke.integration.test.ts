import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { indicator, live, violations } from '../support/browser.ts'
import { useBrowser } from '../support/use-console.ts'
import { serveConsole, type Served } from './support/console.ts'

const { missing, browser } = useBrowser('the connection of the console in Chromium')

let served: Served
let context: BrowserContext
let errors: string[]
let feeding: NodeJS.Timeout

/** Something of the topic changes all the time, as in life. */
const feed = ({ app }: Served): NodeJS.Timeout =>
  setInterval(() => app.bridge.publish('system', { name: 'test', kernel: 'x', uptime: performance.now() }, 'host'), 200)

async function openPage(path = '/settings/connections', within = context): Promise<Page> {
  const page = await within.newPage()
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(served.url + path)
  return page
}

beforeEach(async () => {
  if (missing) return
  errors = []
  served = await serveConsole()
  feeding = feed(served)
  context = await browser().newContext()
})
afterEach(async () => {
  if (missing) return
  clearInterval(feeding)
  await context.close()
  await served.close()
})

it.skipIf(missing)('connects by WebSocket, shows transport, round trip and age, and makes no error', async () => {
  const page = await openPage()
  await live(page)
  await indicator(page).getByText('WebSocket').waitFor()
  await indicator(page).getByText('Round trip').waitFor()
  await indicator(page).getByText('Age of data').waitFor()
  await page.getByRole('link', { name: 'Models' }).click()
  await page.waitForURL('**/models')
  expect(errors.filter((error) => !error.includes('404'))).toEqual([])
})

it.skipIf(missing)('shares one connection between two tabs, and keeps it when one closes', async () => {
  const first = await openPage()
  const second = await openPage()
  await Promise.all([live(first), live(second)])
  expect(served.app.bridge.connections()).toHaveLength(1)
  await first.close()
  await second.waitForTimeout(1000)
  await live(second)
  expect(served.app.bridge.connections()).toHaveLength(1)
  await second.close()
  await expect.poll(() => served.app.bridge.connections().length, { timeout: 10_000 }).toBe(0)
})

it.skipIf(missing)('elects a tab where there are no shared workers; another takes over', async () => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  const first = await openPage()
  await live(first)
  const second = await openPage()
  await live(second)
  expect(served.app.bridge.connections()).toHaveLength(1)
  await first.close()
  await expect.poll(() => served.app.bridge.connections().length, { timeout: 10_000 }).toBe(1)
  await live(second)
})

it.skipIf(missing)('recovers by itself when the server is killed and started again', async () => {
  const page = await openPage()
  await live(page)
  const port = Number(new URL(served.url).port)
  clearInterval(feeding)
  await served.close()
  await indicator(page).getByText('Reconnecting').waitFor({ timeout: 20_000 })
  served = await serveConsole(port)
  feeding = feed(served)
  await live(page)
  await indicator(page).getByText('WebSocket').waitFor()
})

it.skipIf(missing).each([
  ['event stream', /\/connection\/websocket/],
  ['polling', /\/connection\//],
])('falls back to %s when better ways are refused', async (words, blocked) => {
  served.app.server.prependListener('upgrade', (_request, socket) => socket.destroy())
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  await context.route(blocked, (route) => route.abort())
  const page = await openPage()
  await live(page)
  await indicator(page).getByText(words).waitFor({ timeout: 20_000 })
  await indicator(page).getByText('Age of data').waitFor({ timeout: 20_000 })
})

it.skipIf(missing)('says so when the network is gone', async () => {
  const page = await openPage()
  await live(page)
  await context.setOffline(true)
  await indicator(page).getByText('Offline').waitFor({ timeout: 20_000 })
  await context.setOffline(false)
  await live(page)
})

it.skipIf(missing)('has data within six seconds where upgrades are swallowed', async () => {
  served.app.server.removeAllListeners('upgrade')
  const held: { destroy(): void }[] = []
  served.app.server.on('upgrade', (_request, socket) => held.push(socket))
  const page = await openPage()
  const start = performance.now()
  await indicator(page).getByText('Age of data').waitFor({ timeout: 20_000 })
  expect(performance.now() - start).toBeLessThan(6000)
  await indicator(page).getByText('event stream').waitFor()
  for (const socket of held) socket.destroy()
})

it.skipIf(missing).each(['light', 'dark'] as const)(
  'has a frame without violations or sideways scrolling at 320 px, %s',
  async (colorScheme) => {
    // What axe injects the console's policy rightly forbids.
    const lenient = await browser().newContext({ bypassCSP: true, colorScheme, viewport: { width: 320, height: 640 } })
    const page = await openPage('/settings/no/such/page', lenient)
    await live(page)
    expect(await violations(page)).toEqual([])
    const [wide, room] = await page.evaluate(() => {
      const { scrollingElement } = (
        globalThis as unknown as { document: { scrollingElement: { scrollWidth: number; clientWidth: number } } }
      ).document
      return [scrollingElement.scrollWidth, scrollingElement.clientWidth]
    })
    await lenient.close()
    expect(wide).toBeLessThanOrEqual(room ?? 0)
  },
)
