import type { Browser, Page } from 'playwright-core'
import { startRelay } from './relay.ts'

/** Times that the processor of the page is slowed down. */
export const slowdown = 4

const viewport = { width: 1440, height: 900 }

const observe = `globalThis.paints = []
globalThis.longTasks = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) paints.push(entry.startTime)
}).observe({ type: 'largest-contentful-paint', buffered: true })
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) longTasks.push(entry.duration)
}).observe({ type: 'longtask', buffered: true })`

const connected = (page: Page): Promise<void> =>
  page.getByRole('group', { name: 'Connection' }).getByText('Live').waitFor({ timeout: 60_000 })

/** Bytes of gzipped JavaScript that a first visit to a route loads, by path. */
export async function scriptsOf(browser: Browser, url: string, route: string): Promise<ReadonlyMap<string, number>> {
  await using relay = await startRelay(url)
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  await page.goto(relay.url + route)
  await connected(page)
  await page.waitForTimeout(3000)
  await context.close()
  return relay.scripts
}

export interface Felt {
  /** ms from navigation to the largest paint. */
  readonly paint: number
  /** ms of each task over 50 ms while the page loaded. */
  readonly loading: readonly number[]
  /** The same while it only updated. */
  readonly updating: readonly number[]
}

/** What a first visit feels like on a slowed processor, watched for `seconds` after it has settled. */
export async function feel(browser: Browser, url: string, seconds: number): Promise<Felt> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.addInitScript(observe)
  await page.goto(url)
  await connected(page)
  await page.waitForTimeout(8000)
  const paints: number[] = await page.evaluate('paints')
  const loading: number[] = await page.evaluate('longTasks.splice(0)')
  await page.waitForTimeout(seconds * 1000)
  const updating: number[] = await page.evaluate('longTasks')
  await context.close()
  return { paint: paints.at(-1) ?? NaN, loading, updating }
}
