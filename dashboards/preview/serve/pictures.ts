import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

/** What a picture showed: titles of panels without data, and of those whose query failed. */
export interface Seen {
  readonly file: string
  /** How many panels were drawn. */
  readonly drawn: number
  readonly empty: readonly string[]
  readonly failed: readonly string[]
  /** What went wrong in the page. */
  readonly errors: readonly string[]
}

export const themes = ['light', 'dark'] as const

const width = 1440
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']

export const startBrowser = (executablePath: string): Promise<Browser> => chromium.launch({ executablePath, args })

export interface Picture {
  readonly url: string
  readonly board: string
  readonly theme: (typeof themes)[number]
  /** Such as `15m`. */
  readonly range: string | undefined
  readonly folder: string
}

/** Takes a picture of a whole board, its closed rows open, and says what was seen. */
export async function take(browser: Browser, { url, board, theme, range, folder }: Picture): Promise<Seen> {
  mkdirSync(folder, { recursive: true })
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  try {
    const search = new URLSearchParams({ board, theme, rows: 'open', ...(range && { from: `now-${range}` }) })
    await page.goto(`${url}?${search.toString()}`)
    await page.locator('[data-panel]').first().waitFor({ timeout: 60_000 })
    await page.locator('[data-state="asking"]').first().waitFor({ state: 'detached', timeout: 60_000 })
    // Only what is in sight is drawn by some of the components.
    const height = await page.evaluate('document.documentElement.scrollHeight')
    await page.setViewportSize({ width, height: Number(height) })
    await page.waitForTimeout(1500)
    const file = join(folder, `${board}-${theme}.png`)
    await page.screenshot({ path: file })
    const titles = (state: string): Promise<string[]> =>
      page
        .locator(`[data-state="${state}"]`)
        .evaluateAll((panels) => panels.map((panel) => panel.dataset['panel'] ?? ''))
    const { length: drawn } = await titles('drawn')
    return { file, drawn, empty: await titles('empty'), failed: await titles('failed'), errors }
  } finally {
    await page.close()
  }
}
