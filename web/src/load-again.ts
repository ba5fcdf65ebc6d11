import { backoff } from './realtime/backoff.ts'

/** Whether the server hands out the build that this page came from. */
export type Served = 'same' | 'other' | 'away'

export interface LoadAgainDeps {
  readonly served: () => Promise<Served>
  readonly wait: (ms: number) => Promise<void>
  readonly random: () => number
  /** Loads the whole page anew. */
  readonly reload: () => void
  /** Asks once more for stylesheets that did not come. */
  readonly askForStyles: () => void
}

/** Attempts that may fail though the server is there with the right build. */
const patience = 3
/** Attempts after which the delay grows no further: 6 s at most. */
const slowest = 6

/** Vite asks once for each, and takes it as had from then on. */
function askForStyles(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (link.sheet === null) link.replaceWith(link.cloneNode())
}

async function servedBuild(): Promise<Served> {
  const entry = document.querySelector('script[type="module"][src]')?.getAttribute('src')
  try {
    const answer = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(5000) })
    const page = answer.ok ? await answer.text() : ''
    // Somebody else's page, as a proxy shows one, is no build of ours.
    if (!page.includes('<script type="module"')) return 'away'
    return entry === null || entry === undefined || page.includes(`"${entry}"`) ? 'same' : 'other'
  } catch {
    return 'away'
  }
}

const browser: LoadAgainDeps = {
  served: servedBuild,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
  reload: () => location.reload(),
  askForStyles,
}

/**
 * Loads a part of the console that could not be loaded: for as long as the server is away, and for a few attempts when
 * it is there. Loads the whole page anew if the server has been updated, for then the part is gone. Rejects with the
 * reason of the last attempt.
 */
export async function loadAgain<T>(load: () => Promise<T>, deps: LoadAgainDeps = browser): Promise<T> {
  const { served, wait, random, reload, askForStyles: styles } = deps
  let refused = 0
  for (let attempt = 0; ; attempt++) {
    await wait(backoff(Math.min(attempt, slowest), random))
    const found = await served()
    if (found === 'away') continue
    if (found === 'other') reload()
    styles()
    try {
      return await load()
    } catch (error) {
      if (++refused === patience) throw error
    }
  }
}

/** Chromium, Firefox, Safari, and Vite's own words for stylesheets. */
const didNotCome = /dynamically imported module|importing a module script failed|unable to preload/i

/** Goes on with `next` where a part did not come; one that came and failed is the caller's to deal with. */
export async function orElse<T>(loaded: Promise<T>, next: () => T | Promise<T>): Promise<T> {
  try {
    return await loaded
  } catch (error) {
    if (!didNotCome.test(String(error))) throw error
    return next()
  }
}

/** Loads a part of the console, if need be again. */
export const insist = <T>(load: () => Promise<T>): Promise<T> => orElse(load(), () => loadAgain(load))
