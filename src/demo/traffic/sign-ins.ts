import type { Site } from '../stage/site.ts'
import { crowd, pause } from './crowd.ts'

/** Tries to sign in as somebody who does not exist. */
export async function guess(site: Site, login: string): Promise<void> {
  const answer = await site.signIn(login, 'not the password')
  await answer.body?.cancel()
}

/** One who mistypes the name; it is written into the audit log. */
export const mistype = (site: Site): Promise<void> => guess(site, `demo-guest-${Math.floor(Math.random() * 1000)}`)

/** Somebody mistypes a name now and then, where there are accounts. */
export async function signInTraffic(site: Site, signal: AbortSignal): Promise<void> {
  if (!site.accounts) return
  await crowd({ most: 1, rest: 1000, signal }, async () => {
    await mistype(site)
    await pause(45_000 + Math.random() * 120_000, signal)
  })
}
