import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core'
import { findProgram } from '../../src/children/find-program.ts'
import type { AuraProcess } from './aura.ts'
import { installed } from './programs.ts'

const root = join(import.meta.dirname, '../..')
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
]

/**
 * Chromium of this machine, or that of the variable CHROMIUM; says on the console what is skipped without one. Name a
 * file that does not exist to see the tests skip.
 */
export function chromiumFor(what: string): string | undefined {
  const named = process.env['CHROMIUM']
  if (named === undefined) return installed(what, 'chromium', 'chromium-browser', 'google-chrome')
  const found = findProgram([named], '')
  if (found === undefined) console.warn(`skipped: ${what} (${named} is no program)`)
  return found
}

/** Headless Chromium, driven by the test. */
export const startBrowser = (executablePath: string): Promise<Browser> => chromium.launch({ executablePath, args })

/** Builds the console unless what is there was made from the same sources. */
export function buildConsole(): void {
  execFileSync(process.execPath, [join(root, 'bin/build-web.js')], { stdio: 'pipe' })
}

/** No Prometheus, no Alertmanager: the console alone starts faster. */
export const alone = { AURA_PROMETHEUS_ENABLED: 'false', AURA_ALERTMANAGER_ENABLED: 'false' }

export interface Addresses {
  readonly console: string
  readonly metrics: string
  /** Of the simulated Ollama; empty outside the demonstration. */
  readonly simulator: string
}

/** Waits for the table that a start ends with and takes the addresses from it. */
export async function addressesOf(aura: AuraProcess): Promise<Addresses> {
  const [, console = '', metrics = ''] = await aura.until(
    /console +(http:\S+)[\s\S]*metrics +(http:\S+)\/metrics /,
    60_000,
  )
  const simulator = /(http:\S+)\/__sim\//.exec(aura.output())?.[1] ?? ''
  return { console, metrics, simulator }
}

/** A page of the console in a browser of its own, with what went wrong in it. */
export interface Opened extends AsyncDisposable {
  readonly page: Page
  readonly errors: readonly string[]
}

/** Opens an address in a fresh context. Set `bypassCSP` to inject into the page, which the console's policy forbids. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  return { page, errors, [Symbol.asyncDispose]: () => context.close() }
}

export const indicator = (page: Page) => page.getByRole('group', { name: 'Connection' })
export const tile = (page: Page, name: string) => page.getByRole('article', { name, exact: true })

/** The words that mark numbers as old. */
export const staleMarks = (within: Page | Locator) => within.getByText(/^\W?stale$/)

/** Waits until the page is connected. */
export const live = (page: Page): Promise<void> => indicator(page).getByText('Live').waitFor({ timeout: 30_000 })

interface Found {
  readonly id: string
  readonly nodes: readonly { readonly target: unknown }[]
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds wrong on the page, as `rule: elements`. The page must have been opened with `bypassCSP`. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: axe })
  const found: readonly Found[] = await page.evaluate('axe.run().then(({ violations }) => violations)')
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(' | ')}`)
}
