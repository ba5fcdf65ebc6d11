import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addressesOf,
  alone,
  buildConsole,
  chromiumFor,
  indicator,
  live,
  openPage,
  staleMarks,
  startBrowser,
  tile,
} from '../../support/browser.ts'
import { runAura, type AuraProcess } from '../../support/aura.ts'
import { startRouter, type Router } from '../../support/centrifugo-router.ts'
import {
  apiKey,
  freePort,
  installedCentrifugo,
  proxySecret,
  startCentrifugo,
  type RunningCentrifugo,
} from '../../support/centrifugo.ts'
import { until } from '../../support/realtime.ts'

const what = 'the console behind a real Centrifugo'
const program = installedCentrifugo(what)
const executablePath = chromiumFor(what)
const here = program !== undefined && executablePath !== undefined

let env: Record<string, string>
let directory: string
let aura: AuraProcess
let centrifugo: RunningCentrifugo
let router: Router
let browser: Browser

beforeAll(async () => {
  if (program === undefined || executablePath === undefined) return
  buildConsole()
  const [own, behind, front] = [await freePort(), await freePort(), await freePort()]
  const origin = `http://127.0.0.1:${front}`
  env = {
    ...alone,
    AURA_SERVER_PORT: String(own),
    AURA_REALTIME_ENGINE: 'centrifugo',
    AURA_REALTIME_CENTRIFUGO_URL: `http://127.0.0.1:${behind}`,
    AURA_REALTIME_CENTRIFUGO_API_KEY: apiKey,
    AURA_REALTIME_CENTRIFUGO_PROXY_SECRET: proxySecret,
    AURA_REALTIME_CENTRIFUGO_ORIGINS: origin,
  }
  aura = runAura(['start'], env)
  directory = aura.directory
  centrifugo = await startCentrifugo(program, `http://127.0.0.1:${own}`, { port: behind, origins: [origin] })
  router = await startRouter(front, (await addressesOf(aura)).console, centrifugo.url)
  browser = await startBrowser(executablePath)
})
afterAll(async () => {
  await browser?.close()
  await router?.[Symbol.asyncDispose]()
  await centrifugo?.kill()
  await aura?.[Symbol.asyncDispose]()
})

/** The text of a tile, which holds what was last told of it. */
const uptime = (page: Page): Promise<string> => tile(page, 'Uptime').innerText()

/** Whether the numbers are current, after so long that they would be marked if nothing had come. */
async function current(page: Page): Promise<void> {
  await page.waitForTimeout(13_000)
  expect(await staleMarks(tile(page, 'Uptime')).count()).toBe(0)
  expect(await uptime(page)).toMatch(/\d/)
}

/** Who listens to the readings of this machine at Centrifugo. */
const listeners = async (): Promise<number> => {
  const answer = (await centrifugo.api('channels', {})) as {
    result: { channels: Record<string, { num_clients: number }> }
  }
  return answer.result.channels['system']?.num_clients ?? 0
}

describe.skipIf(!here)('the console, unchanged, at an address with a Centrifugo behind it', () => {
  test('is live through Centrifugo, and its numbers move', async () => {
    await using console = await openPage(browser, router.url)
    const { page, errors } = console
    await live(page)
    await tile(page, 'Uptime').waitFor()
    await current(page)
    expect(await listeners()).toBe(1)
    expect(router.connections()).toBeGreaterThan(0)
    const own = await page.request.get(`${router.url}/api/websocket/connections`)
    expect(((await own.json()) as { connections: unknown[] }).connections).toEqual([])
    expect(errors).toEqual([])
  })

  test('lives through the end of Centrifugo, which /readyz tells', async () => {
    await using console = await openPage(browser, router.url)
    const { page } = console
    await live(page)
    await tile(page, 'Uptime').waitFor()
    await centrifugo.kill()
    const readyz = async (): Promise<unknown> => (await page.request.get(`${router.url}/readyz`)).json()
    await expect.poll(readyz, { timeout: 10_000 }).toMatchObject({
      status: 'degraded',
      checks: { centrifugo: expect.stringMatching(/^Centrifugo unreachable since/) },
    })
    // Meanwhile it asks Aura itself.
    await live(page)
    await indicator(page).getByText('polling').first().waitFor({ timeout: 30_000 })
    await current(page)
    await centrifugo.start()
    await expect.poll(readyz, { timeout: 20_000 }).toMatchObject({ status: 'ok', checks: { centrifugo: 'ok' } })
    await page.reload()
    await expect.poll(listeners, { timeout: 20_000 }).toBe(1)
    await live(page)
    await current(page)
  })

  test('lives through the end of Aura', async () => {
    await using console = await openPage(browser, router.url)
    const { page } = console
    await live(page)
    await tile(page, 'Uptime').waitFor()
    await aura.stop('SIGKILL')
    aura = runAura(['start'], env, directory)
    await addressesOf(aura)
    await live(page)
    expect(await listeners()).toBe(1)
    await current(page)
  })

  test('Aura ends at once though Centrifugo hangs', async () => {
    centrifugo.freeze()
    await until(() => /Centrifugo cannot be reached: no answer within/.test(aura.output()), 20_000)
    const before = performance.now()
    expect(await aura.stop()).toBe(0)
    expect(performance.now() - before).toBeLessThan(15_000)
    centrifugo.thaw()
  })
})
