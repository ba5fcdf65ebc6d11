import type { Site } from '../stage/site.ts'
import { crowd, pause } from './crowd.ts'

/** Tries to sign in as somebody who does not exist. */
export async function guess(site: Site, login: string): Promise<void> {
  const answer = await site.signIn(login, 'not the password')
  await answer.body?.cancel()
}

/** Somebody mistypes a name now and then, where there are accounts. */
export async function signInTraffic(site: Site, signal: AbortSignal): Promise<void> {
  if (!site.accounts) return
  await crowd({ most: 1, rest: 1000, signal }, async () => {
    await guess(site, `demo-guest-${Math.floor(Math.random() * 1000)}`)
    await pause(45_000 + Math.random() * 120_000, signal)
  })
}
