import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { indicator, live, openPage, staleMarks, tile, violations } from '../support/browser.ts'
import { burnCpu } from '../support/burn.ts'
import { useConsole } from '../support/use-console.ts'
import { parseExposition } from '../support/exposition.ts'

const { missing, browser, addresses } = useConsole('the whole console in Chromium', ['demo', '--alone'])
const paths = ['/', '/models', '/settings/connections']
/** Stands on each page once it has its numbers. */
const signs = ['Uptime', 'Installed models', 'Open connections']

/** Notes what the CPU's number changes to. */
const watchCpu = `globalThis.readings = []
new MutationObserver(() => {
  readings.push(parseFloat(document.querySelector('article.tile .tile-value').textContent))
}).observe(document.querySelector('article.tile .tile-value'), { subtree: true, childList: true, characterData: true })`

/** Whether the processors have room within half a minute. */
async function calm(percent: () => Promise<number>): Promise<boolean> {
  const give = Date.now() + 30_000
  while (Date.now() < give) {
    if ((await percent()) < 80) return true
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return false
}

/** Opened, connected, with its numbers there. */
async function opened(path: string, options: Parameters<typeof openPage>[2] = {}) {
  const console = await openPage(browser(), addresses().console + path, options)
  await live(console.page)
  await console.page
    .getByText(signs[paths.indexOf(path)] ?? '')
    .first()
    .waitFor()
  return console
}

/** A gauge of /metrics/host. */
async function gauge(name: string, labels = ''): Promise<number> {
  const page = parseExposition(await (await fetch(`${addresses().metrics}/metrics/host`)).text())
  return page.get(name)?.samples.get(labels) ?? NaN
}

/** The first number before a unit in what a tile says. */
const shown = async (page: Page, name: string, pattern: RegExp): Promise<number> =>
  Number(pattern.exec(((await tile(page, name).textContent()) ?? '').replaceAll('\u{a0}', ' '))?.[1])

describe.skipIf(missing)('the console of a running Aura', () => {
  it('shows the numbers that /metrics/host has', async () => {
    await using console = await opened('/')
    const { page } = console
    const gib = 2 ** 30
    const total = (await gauge('node_memory_MemTotal_bytes')) / gib
    // All the digits that are shown are right.
    expect(Math.abs((await shown(page, 'Memory', /of ([\d.]+) GiB/)) - total)).toBeLessThanOrEqual(0.05 + 1e-9)
    const available = async () =>
      (await shown(page, 'Memory', /([\d.]+) GiB available/)) / ((await gauge('node_memory_MemAvailable_bytes')) / gib)
    await expect.poll(available, { timeout: 15_000 }).toBeCloseTo(1, 1)
    const load = async () => Math.abs((await shown(page, 'Load', /([\d.]+) over 1 min/)) - (await gauge('node_load1')))
    await expect.poll(load, { timeout: 15_000 }).toBeLessThan(0.5)
  })

  it('shows within a reading that every core is busy', async ({ skip }) => {
    await using console = await opened('/')
    const { page } = console
    const busy = () => shown(page, 'CPU', /CPU([\d.]+) %/)
    if (!(await calm(busy))) skip('this machine is busy with something else')
    await page.evaluate(watchCpu)
    // Just after a reading: the next one holds little but the burn, and the one after that nothing else.
    await expect.poll(() => page.evaluate('readings.length'), { timeout: 30_000 }).toBeGreaterThan(0)
    const before = Number(await page.evaluate('readings.length'))
    using _ = burnCpu()
    const next = async () => (await page.evaluate<number[]>(`readings.slice(${before})`)).slice(0, 2)
    await expect.poll(async () => Math.max(0, ...(await next())), { timeout: 30_000 }).toBeGreaterThan(90)
  })
})

describe.skipIf(missing)('the console over time', () => {
  it('connects once for two tabs', async () => {
    const sockets = async () => {
      const answer = await fetch(`${addresses().console}/api/websocket/connections`)
      return ((await answer.json()) as { totals: { connections: number } }).totals.connections
    }
    await expect.poll(sockets, { timeout: 20_000 }).toBe(0)
    await using first = await opened('/')
    const second = await first.page.context().newPage()
    await second.goto(`${addresses().console}/models`)
    await live(second)
    await second.getByText('Installed models').first().waitFor()
    expect(await sockets()).toBe(1)
  })

  it('keeps the models it knew, marked as old, while Ollama is away', async () => {
    await using console = await opened('/models')
    const { page } = console
    const stale = staleMarks(page)
    expect(await stale.count()).toBe(0)
    const names = page.getByRole('table').getByRole('row')
    const known = await names.count()
    await fetch(`${addresses().simulator}/__sim/die`, { method: 'POST', body: JSON.stringify({ ms: 20_000 }) })
    const banner = page.getByText('Ollama is away')
    await banner.waitFor({ timeout: 30_000 })
    await stale.first().waitFor()
    expect(await names.count()).toBe(known)
    expect(await indicator(page).textContent()).toContain('Live')
    await banner.waitFor({ state: 'detached', timeout: 60_000 })
    await expect.poll(() => stale.count(), { timeout: 10_000 }).toBe(0)
  }, 120_000)
})

describe.skipIf(missing)('every page', () => {
  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([360, 1440])('at %i px: axe finds nothing, nothing scrolls sideways, no error', async (width) => {
      for (const path of paths) {
        await using console = await opened(path, {
          colorScheme,
          viewport: { width, height: 900 },
          bypassCSP: true,
        })
        const { page, errors } = console
        expect(await violations(page), path).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(width)
        expect(errors, path).toEqual([])
      }
    })
  })

  it.each(paths)('%s fits a screen of 320 px', async (path) => {
    await using console = await opened(path, { viewport: { width: 320, height: 640 } })
    expect(await console.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
  })

  it.each(paths)('%s moves nothing for people who asked for that', async (path) => {
    await using console = await opened(path, { reducedMotion: 'reduce' })
    const moving = `[...document.querySelectorAll('*')]
      .filter((element) => ['animationName', 'transitionDuration'].some((name) =>
        !/^(none|0s)(, (none|0s))*$/.test(getComputedStyle(element)[name])))
      .map((element) => element.outerHTML.slice(0, 80))`
    expect(await console.page.evaluate(moving)).toEqual([])
    expect(await console.page.evaluate('document.getAnimations().length')).toBe(0)
  })

  it.each(paths)('%s: every link and button is reached by keyboard, and its focus is seen', async (path) => {
    await using console = await opened(path)
    const { page } = console
    const name = `((element) => element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent.trim()))`
    const all = `[...document.querySelectorAll('a[href], button:not(:disabled)')]
      .filter((element) => element.checkVisibility()).map(${name})`
    const wanted: string[] = await page.evaluate(all)
    const seen = `getComputedStyle(document.activeElement).outlineStyle !== 'none'`
    const reached = new Set<string>()
    const unseen = new Set<string>()
    for (let step = 0; step < wanted.length + 40; step++) {
      await page.keyboard.press('Tab')
      const [at, visible] = await page.evaluate<[string, boolean]>(`[${name}(document.activeElement), ${seen}]`)
      reached.add(at)
      if (!visible && /^(A|BUTTON) /.test(at)) unseen.add(at)
    }
    expect(wanted.length).toBeGreaterThan(4)
    expect(wanted.filter((each) => !reached.has(each))).toEqual([])
    expect([...unseen]).toEqual([])
  })
})
