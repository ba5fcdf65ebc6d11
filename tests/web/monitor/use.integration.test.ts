import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { useBrowser } from '../../support/use-console.ts'
import { status } from '../models/status.ts'
import { alerts, database, system } from './readings.ts'
import { servePages, type ServedPages } from './serve.ts'

const { missing, browser } = useBrowser('the use of the pages in Chromium')

let served: ServedPages
let context: BrowserContext

const use = it.skipIf(missing)

beforeEach(async () => {
  if (missing) return
  served = await servePages()
  served.say({ system, database, alerts, models: status })
  context = await browser().newContext({ viewport: { width: 1440, height: 900 } })
})
afterEach(async () => {
  await context?.close()
  await served?.close()
})

const open = async (path: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(served.url + path)
  return page
}
const tile = (page: Page, name: string) => page.getByRole('article', { name })
const busy = (share: number) => served.say({ system: { ...system, cpu: { ...system.cpu, busy: share } } })

use('opens what is behind a tile and closes it again by keyboard alone; the address remembers it', async () => {
  const page = await open('/')
  const button = tile(page, 'Network').getByRole('button')
  await button.focus()
  await page.keyboard.press('Enter')
  const details = page.getByRole('group', { name: 'Details' })
  await details.getByText('eth0', { exact: true }).waitFor()
  expect(page.url()).toContain('show=network')
  await expect.poll(() => details.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await details.waitFor({ state: 'detached' })
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true)
})

use('shows a new reading, and holds the old one while paused', async () => {
  const page = await open('/')
  await tile(page, 'CPU').getByText('42').waitFor()
  busy(0.77)
  await tile(page, 'CPU').getByText('77').waitFor()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByText('Paused: numbers as of').waitFor()
  busy(0.11)
  // The connection goes on: what was missed is there at once afterwards.
  await page.waitForTimeout(1500)
  expect(await tile(page, 'CPU').textContent()).toContain('77')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await tile(page, 'CPU').getByText('11').waitFor()
})

use('keeps the rows of a table and changes their cells', async () => {
  const page = await open('/?show=disks')
  const row = page.getByRole('row', { name: /vdb/ })
  await row.waitFor()
  await row.evaluate((element) => Object.assign(element, { marked: true }))
  const disks = system.disks.map((disk) => ({ ...disk, busy: 0.99 }))
  served.say({ system: { ...system, disks } })
  await row.getByText('99').waitFor()
  expect(await row.evaluate((element) => 'marked' in element)).toBe(true)
})

use('draws the remembered minutes at once, with the numbers behind them in a table', async () => {
  const page = await open('/')
  await page.getByRole('button', { name: 'Table of CPU, share in use' }).click()
  const table = page.getByRole('region', { name: 'Table of CPU, share in use' })
  await table.waitFor()
  expect(await table.getByRole('row').count()).toBeGreaterThan(30)
})

use('shows GPU figures when a GPU comes, and nothing of them without one', async () => {
  const page = await open('/')
  await tile(page, 'CPU').waitFor()
  expect(await page.getByText('GPU:').count()).toBe(0)
  const card = { uuid: 'GPU-9', name: 'Late card', vendor: 'NVIDIA', processes: [] }
  served.say({ system: { ...system, gpus: [card] } })
  await page.getByText('GPU: Late card').waitFor()
  served.say({ system })
  await page.getByText('GPU: Late card').waitFor({ state: 'detached' })
})

use('lists this very connection', async () => {
  const page = await open('/settings/connections')
  await page
    .getByRole('cell', { name: /WebSocket/ })
    .first()
    .waitFor()
  await page.getByText('Messages delivered').waitFor()
})

use('marks what is old when readings stop coming', async () => {
  const page = await open('/')
  await tile(page, 'CPU').getByText('42').waitFor()
  await tile(page, 'CPU').getByText('stale').waitFor({ timeout: 30_000 })
})
