import { createExposition } from '../lib/exposition.ts'
import type { Filter, Runner } from './runner.ts'

/** Renders one page from these runners. */
export type RenderPage = (runners: readonly Runner[], filter: Filter, deadline: number) => Promise<string>

/**
 * Pages in single flight: requests for the same page that wait in the same turn of the event loop share one reading,
 * which is taken after the last of them arrived, so no one is served an older value than they asked for.
 */
export function createPages(): RenderPage {
  const waiting = new Map<string, Promise<string>>()
  const names = new Map<Runner, number>()
  const nameOf = (runner: Runner): number => {
    if (!names.has(runner)) names.set(runner, names.size)
    return names.get(runner) ?? 0
  }
  return (runners, filter, deadline) => {
    const key = JSON.stringify([runners.map(nameOf), filter, deadline])
    const shared = waiting.get(key)
    if (shared) return shared
    const page = nextTurn().then(() => {
      waiting.delete(key)
      return render(runners, filter, deadline)
    })
    waiting.set(key, page)
    return page
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function render(runners: readonly Runner[], filter: Filter, deadline: number): Promise<string> {
  const out = createExposition()
  await Promise.all(runners.map((runner) => runner.scrape(filter, deadline, out)))
  return out.text()
}
