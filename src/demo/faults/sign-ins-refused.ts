import { guess } from '../traffic/sign-ins.ts'
import { pause, repeatedly } from '../traffic/crowd.ts'
import { Unavailable, type Fault } from './fault.ts'

/** Tries in the first burst; fewer than an address may make, for the person at this machine has the same one. */
const burst = 30

/** Somebody guesses passwords of accounts that do not exist. */
export const signInsRefused: Fault = {
  about: 'somebody guesses passwords; needs accounts (auth.mode)',
  alerts: [],
  panels: [
    'governance: Sign-ins',
    'governance: Security alerts open',
    'governance: Open security alerts',
    'governance: Security alerts raised',
  ],
  async start({ site }) {
    if (!site.accounts) throw new Unavailable('there are no accounts: auth.mode is none')
    let tries = 0
    return repeatedly(200, async (signal) => {
      if (tries++ >= burst) await pause(4000, signal)
      await guess(site, `demo-intruder-${Math.floor(tries / 6)}`)
    })
  },
}
