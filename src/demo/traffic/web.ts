import type { Site } from '../stage/site.ts'
import { pick } from '../wave.ts'
import { crowd } from './crowd.ts'

const pages = [
  '/api/system/metrics',
  '/api/system/metrics',
  '/api/database/health',
  '/api/models/status',
  '/api/alerts/firing',
  '/api/account/methods',
  '/',
]
/** For whoever has no account yet. */
const open = ['/', '/api/account/methods', '/livez', '/readyz']
const wrong = ['/api/no-such-page', '/api/system/metrics/of-yesterday', '/favicon.gif']

async function visit(site: Site): Promise<void> {
  const path = pick(Math.random() < 0.06 ? wrong : site.open ? pages : open) ?? '/'
  const answer = await site.request(path)
  await answer.body?.cancel()
}

/** People who look at pages until the signal aborts, some of which are not there. */
export const webTraffic = (site: Site, signal: AbortSignal): Promise<void> =>
  crowd({ most: 5, rest: 900, signal }, () => visit(site))
