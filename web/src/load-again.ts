import { backoff } from './realtime/backoff.ts'
import { reloadOnce, thisPage } from './reload-once.ts'

/** Whether the server hands out the build that this page came from; of another, what it is known by. */
export type Served = 'same' | 'away' | { readonly other: string }

export interface LoadAgainDeps {
  readonly served: () => Promise<Served>
  readonly wait: (ms: number) => Promise<void>
  readonly random: () => number
  /** Loads the whole page anew, once for each build. */
  readonly reload: (build: string) => void
  /** Asks once more for stylesheets that did not come. */
  readonly askForStyles: () => void
}

/** Chromium, Firefox, Safari, and Vite's own words for stylesheets. */
const didNotCome = /dynamically imported module|importing a module script failed|unable to preload/i

/** Attempts that may fail though the server is there with the right build. */
const patience = 3
/** Attempts after which the delay grows no further: 6 s at most. */
const slowest = 6

/** Whether a stylesheet did not come, or not yet; Chromium gives one that failed rules that nobody may read. */
function isBare({ sheet }: HTMLLinkElement): boolean {
  try {
    return sheet === null || sheet.cssRules.length === 0
  } catch {
    return true
  }
}

/** Vite asks once for each, and takes it as had from then on. */
function askForStyles(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (isBare(link)) link.replaceWith(link.cloneNode())
}

async function servedBuild(): Promise<Served> {
  const entry = document.querySelector('script[type="module"][src]')?.getAttribute('src')
  try {
    const answer = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(5000) })
    const page = answer.ok ? await answer.text() : ''
    const other = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1]
    // Somebody else's page, as a proxy shows one, is no build of ours.
    if (other === undefined) return 'away'
    return other === entry ? 'same' : { other }
  } catch {
    return 'away'
  }
}

const browser: LoadAgainDeps = {
  served: servedBuild,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
  reload: (build) => reloadOnce('build', build, thisPage),
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
    if (found !== 'same') reload(found.other)
    styles()
    try {
      return await load()
    } catch (error) {
      if (!didNotCome.test(String(error)) || ++refused === patience) throw error
    }
  }
}

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
