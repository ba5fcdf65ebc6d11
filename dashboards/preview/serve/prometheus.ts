import { seconds } from '../core/duration.ts'

export interface Prometheus {
  /** Without a slash at its end. */
  readonly url: string
  /** s between scrapes. */
  readonly scrape: number
}

/** What Prometheus takes without a word about it, in s. */
const usual = 60

/** The Prometheus at an address, with the interval its configuration names; undefined if none answers there. */
export async function findPrometheus(url: string): Promise<Prometheus | undefined> {
  try {
    const response = await fetch(`${url}/api/v1/status/config`, { signal: AbortSignal.timeout(5000) })
    const answer = (await response.json()) as { status?: string; data?: { yaml?: string } }
    if (answer.status !== 'success') return undefined
    const [, interval = ''] = /^ {2}scrape_interval: (\w+)$/m.exec(answer.data?.yaml ?? '') ?? []
    return { url, scrape: seconds(interval) ?? usual }
  } catch {
    return undefined
  }
}
