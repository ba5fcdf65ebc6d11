import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { findFreePort } from '../../src/lib/free-port.ts'
import { indicator, live, openPage, staleMarks, tile } from '../support/browser.ts'
import { useConsole } from '../support/use-console.ts'
import { startProxy } from '../support/proxy.ts'

const console = useConsole('outages of the console in Chromium', ['start'], async () => ({
  AURA_SERVER_PORT: String(await findFreePort(23_000)),
}))
const { missing, browser, aura } = console
const url = () => console.addresses().console
const stale = (page: Page) => staleMarks(tile(page, 'Uptime'))

/** What the page showed over time: the state of the connection, and whether the numbers were marked. */
interface Shown {
  readonly at: number
  readonly state: string
  readonly marked: boolean
}

const watch = `globalThis.shown = []
setInterval(() => {
  const tile = document.querySelector('article.tile')
  const state = document.querySelector('[aria-label="Connection"] [role="status"]')
  shown.push({ at: Date.now(), state: state.textContent, marked: tile.hasAttribute('data-stale') })
}, 50)`

/** Longer than numbers may go unmarked: the time after which `system` counts as old, and some. */
const grace = 12_000

describe.skipIf(missing)('a console that is cut off', () => {
  it('says that the network is gone, marks what is old, and is current again by itself', async () => {
    await using proxy = await startProxy(url(), 'passes')
    await using opened = await openPage(browser(), proxy.url)
    const { page } = opened
    await live(page)
    await tile(page, 'Uptime').waitFor()
    expect(await stale(page).count()).toBe(0)
    // Chromium tells the page, but leaves the connection of a shared worker alone.
    proxy.gone(true)
    await page.context().setOffline(true)
    await page.getByText('This device has no network.').waitFor()
    await stale(page).waitFor({ timeout: 30_000 })
    await sleep(grace)
    expect(await stale(page).count()).toBeGreaterThan(0)
    await page.getByText('This device has no network.').waitFor()
    proxy.gone(false)
    await page.context().setOffline(false)
    await live(page)
    await stale(page).waitFor({ state: 'detached', timeout: 30_000 })
    expect(await page.getByText('This device has no network.').count()).toBe(0)
  })

  it('lives through a server that is killed and started again, without a reload or an unmarked old number', async () => {
    await using opened = await openPage(browser(), url())
    const { page } = opened
    await live(page)
    await tile(page, 'Uptime').waitFor()
    await page.evaluate(watch)
    const killed = Date.now()
    await aura().stop('SIGKILL')
    await page.getByText('Connection lost, reconnecting').waitFor({ timeout: 30_000 })
    await stale(page).waitFor({ timeout: 30_000 })
    await sleep(grace)
    const revived = Date.now()
    await console.startAgain()
    await live(page)
    await stale(page).waitFor({ state: 'detached', timeout: 30_000 })
    expect(await page.getByText('Connection lost, reconnecting').count()).toBe(0)
    // It is gone after a reload.
    const shown: readonly Shown[] = await page.evaluate('shown')
    const away = shown.filter(({ at }) => at > killed + grace && at < revived)
    expect(away.length).toBeGreaterThan(10)
    expect(away.filter(({ marked, state }) => !marked || state === 'Live')).toEqual([])
  }, 120_000)
})

describe.skipIf(missing)('a console behind a proxy', () => {
  it.each([
    ['refuses', 'event stream'],
    ['swallows', 'event stream'],
    ['buffers', 'polling'],
  ] as const)('behind a proxy that %s upgrades or streams it says "%s" and is current', async (manners, words) => {
    await using proxy = await startProxy(url(), manners)
    await using opened = await openPage(browser(), proxy.url)
    const { page } = opened
    await live(page)
    await indicator(page).getByText(words).waitFor({ timeout: 30_000 })
    expect(proxy.upgrades()).toBeGreaterThan(0)
    const figures = tile(page, 'CPU')
    await figures.waitFor()
    const before = await figures.textContent()
    await expect.poll(() => figures.textContent(), { timeout: 20_000 }).not.toBe(before)
    expect(await stale(page).count()).toBe(0)
  })

  it('uses the WebSocket behind a proxy that lets it pass', async () => {
    await using proxy = await startProxy(url(), 'passes')
    await using opened = await openPage(browser(), proxy.url)
    await live(opened.page)
    await indicator(opened.page).getByText('WebSocket').waitFor()
    expect(opened.errors).toEqual([])
  })
})
