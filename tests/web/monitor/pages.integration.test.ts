import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { live, violations } from '../../support/browser.ts'
import { useBrowser } from '../../support/use-console.ts'
import { away, empty, status } from '../models/status.ts'
import { alerts, database, databaseDown, failing, system, withGpu } from './readings.ts'
import { servePages, type Said, type ServedPages } from './serve.ts'

const { missing, browser } = useBrowser('the pages in Chromium')
// Set it to a folder to look at the pages.
const shots = import.meta.env?.['SHOTS'] as string | undefined

interface Scenario {
  readonly name: string
  readonly path: string
  readonly said: Said
  /** Stands on the page once it is complete. */
  readonly sign: string | RegExp
}

const all: Said = { system, database, alerts, models: status }
const scenarios: readonly Scenario[] = [
  { name: 'with a GPU', path: '/', said: { ...all, system: withGpu }, sign: 'GPU: RTX 4090' },
  {
    name: 'without a GPU',
    path: '/',
    said: { ...all, alerts: { source: 'x', alerts: [] } },
    sign: 'No alert is firing.',
  },
  { name: 'database down', path: '/', said: { ...all, database: databaseDown }, sign: 'The database is down' },
  { name: 'a source fails', path: '/?show=filesystems', said: { ...all, system: failing }, sign: '1 source fails' },
  { name: 'CPU opened', path: '/?show=cpu', said: all, sign: 'core 3' },
  { name: 'no Prometheus', path: '/?range=1440', said: all, sign: /there is no Prometheus/ },
  { name: 'nothing yet', path: '/', said: {}, sign: /Waiting for the first numbers\./ },
  { name: 'models', path: '/models', said: all, sign: 'qwen3:8b' },
  { name: 'Ollama away', path: '/models', said: { ...all, models: away }, sign: 'Ollama is away' },
  { name: 'no model', path: '/models', said: { ...all, models: empty }, sign: /ollama pull llama3\.2/ },
  { name: 'connections', path: '/settings/connections', said: all, sign: 'Open now' },
]

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1440, 768, 360].map((width) => ({ colorScheme, width })),
)

describe.skipIf(missing)('the pages in Chromium', () => {
  let served: ServedPages
  let context: BrowserContext
  let errors: string[] = []

  afterEach(async () => {
    await context.close()
    await served.close()
  })

  async function open({ path, said, sign }: Scenario): Promise<Page> {
    errors = []
    served = await servePages()
    served.say(said)
    // axe is injected by the test, which the console's own policy rightly forbids.
    context = await browser().newContext({ bypassCSP: true })
    const page = await context.newPage()
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(served.url + path)
    await live(page)
    // Whoever takes to the keyboard gets what is below the fold as well.
    await page.keyboard.press('Shift')
    await page.getByText(sign).first().waitFor({ timeout: 20_000 })
    return page
  }

  it.each(scenarios)(
    '$name, light and dark, at every width: no violation, no sideways scrolling, no error',
    async (scenario) => {
      const page = await open(scenario)
      for (const { colorScheme, width } of looks) {
        const look = `${colorScheme}-${width}`
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        await page.waitForTimeout(300)
        await shoot(page, `${scenario.name}-${look}`)
        expect(await violations(page), look).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth), look).toBeLessThanOrEqual(width)
      }
      expect(errors.filter((error) => !error.includes('404') && !error.includes('503'))).toEqual([])
    },
  )
})

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: true })
}
