import type { Browser, Page } from 'playwright-core'
import {
  chromiumFor,
  indicator,
  live,
  openPage,
  staleMarks,
  startBrowser,
  tile,
} from '../../../tests/support/browser.ts'
import { startProxy, type Manners } from '../../../tests/support/proxy.ts'
import { valueTarget, type Verdict } from '../../lib/targets.ts'
import { startDemo } from '../../web/aura.ts'
import { sleep } from '../arena.ts'
import type { Section } from '../section.ts'

/** The built console and a browser; nothing is said where there is no Chromium. */
async function withConsole(
  what: string,
  use: (browser: Browser, url: string) => Promise<Verdict[]>,
): Promise<Verdict[]> {
  const executablePath = chromiumFor(what)
  if (executablePath === undefined) return []
  await using demo = await startDemo()
  const browser = await startBrowser(executablePath)
  try {
    return await use(browser, demo.url)
  } finally {
    await browser.close()
  }
}

/** Seconds from asking for the page until it is live that way and shows a number. */
async function secondsTo(browser: Browser, url: string, manners: Manners, words: string): Promise<number> {
  await using proxy = await startProxy(url, manners)
  const began = performance.now()
  await using opened = await openPage(browser, proxy.url)
  await indicator(opened.page).getByText(words).waitFor({ timeout: 60_000 })
  await live(opened.page)
  await tile(opened.page, 'CPU').waitFor()
  return (performance.now() - began) / 1000
}

/** F17: proxies that refuse the WebSocket, swallow it, or hold event streams back too. */
export const f17: Section = (_effort, { progress }) =>
  withConsole('F17, the console behind a proxy', async (browser, url) => {
    progress('F17: the console behind three proxies')
    // The first visit warms what the others share.
    await secondsTo(browser, url, 'passes', 'WebSocket')
    return [
      valueTarget('F17 upgrades refused: live by event stream', 6, 's', await secondsTo(browser, url, 'refuses', 'event stream')), // prettier-ignore
      valueTarget('F17 upgrades swallowed: live by event stream', 6, 's', await secondsTo(browser, url, 'swallows', 'event stream')), // prettier-ignore
      valueTarget('F17 event streams held back too: live by polling', 8, 's', await secondsTo(browser, url, 'buffers', 'polling')), // prettier-ignore
    ]
  })

const fresh = async (page: Page): Promise<void> => {
  await live(page)
  await staleMarks(tile(page, 'Uptime')).waitFor({ state: 'detached', timeout: 60_000 })
}

/** F18, its last part: the network is away for a while. */
export const networkBack: Section = ({ stallSeconds }, { progress }) =>
  withConsole('F18, the console without a network', async (browser, url) => {
    await using proxy = await startProxy(url, 'passes')
    await using opened = await openPage(browser, proxy.url)
    const { page } = opened
    await fresh(page)
    progress(`F18: no network for ${stallSeconds} s`)
    // Chromium tells the page, but leaves the connection of a shared worker alone.
    proxy.gone(true)
    await page.context().setOffline(true)
    await sleep(stallSeconds * 1000)
    // It has noticed: otherwise it would be current at once.
    await staleMarks(tile(page, 'Uptime')).waitFor({ timeout: 60_000 })
    const began = performance.now()
    proxy.gone(false)
    await page.context().setOffline(false)
    await fresh(page)
    return [valueTarget('F18 current after the network is back', 2, 's', (performance.now() - began) / 1000, 2)]
  })
