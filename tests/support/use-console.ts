import { afterAll, beforeAll } from 'vitest'
import type { Browser } from 'playwright-core'
import { runAura, type AuraProcess } from './aura.ts'
import { addressesOf, alone, buildConsole, chromiumFor, startBrowser, type Addresses } from './browser.ts'

export interface UsedBrowser {
  /** There is no Chromium: what needs one is to be skipped, and the console of the tests says so. */
  readonly missing: boolean
  /** Throws before the tests begin, and where there is none. */
  readonly browser: () => Browser
}

const there = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`there is no ${what}`)
  return value
}

/** The built console's browser for all tests of a file. `what` is said when they are skipped. */
export function useBrowser(what: string): UsedBrowser {
  const executablePath = chromiumFor(what)
  let browser: Browser | undefined
  beforeAll(async () => {
    if (executablePath === undefined) return
    buildConsole()
    browser = await startBrowser(executablePath)
  })
  afterAll(() => browser?.close())
  return { missing: executablePath === undefined, browser: () => there(browser, 'browser') }
}

export interface UsedConsole extends UsedBrowser {
  readonly aura: () => AuraProcess
  readonly addresses: () => Addresses
  /** Starts it again, in the same directory, and waits until it is ready. */
  readonly startAgain: () => Promise<void>
}

/** A running Aura and a browser for all tests of a file. `env` is asked for once, on top of neither Prometheus nor Alertmanager. */
export function useConsole(
  what: string,
  args: readonly string[],
  env: () => Promise<Record<string, string>> = async () => ({}),
): UsedConsole {
  const used = useBrowser(what)
  let aura: AuraProcess | undefined
  let addresses: Addresses | undefined
  let settings: Record<string, string> = {}
  const start = async (): Promise<void> => {
    aura = runAura(args, settings, aura?.directory)
    addresses = await addressesOf(aura)
  }
  beforeAll(async () => {
    if (used.missing) return
    settings = { ...alone, ...(await env()) }
    await start()
  })
  afterAll(() => aura?.[Symbol.asyncDispose]())
  return {
    ...used,
    aura: () => there(aura, 'Aura'),
    addresses: () => there(addresses, 'Aura'),
    startAgain: start,
  }
}
