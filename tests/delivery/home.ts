import { chmodSync } from 'node:fs'
import { enter, guess, invite } from '../boards/people.ts'
import { runAura } from '../support/aura.ts'
import { addressesOf, alone } from '../support/browser.ts'

/** An alert as Aura keeps it. */
interface Kept {
  readonly state: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
}

interface SecurityAlert {
  readonly id: string
  readonly rule: string
}

/** Aura with accounts, to which Alertmanager may deliver, and nothing else. */
export interface Home extends AsyncDisposable {
  /** `host:port` of its metrics. */
  readonly metrics: string
  readonly webhook: string
  readonly token: string
  /** States of what was delivered under this name, the newest first. */
  delivered(alertname: string): Promise<string[]>
  /** Wrong passwords for the owner, until Aura itself raises an alert. */
  guessPasswords(): Promise<void>
  /** The owner has seen all security alerts of this rule. */
  acknowledge(rule: string): Promise<void>
}

/** As docs/operations.md has it. */
async function makeToken(directory: string): Promise<string> {
  const wish = ['--user', 'alertmanager', '--scope', 'alerts:deliver', '--expires', 'never']
  await using made = runAura(['token', 'create', 'alertmanager', ...wish], { AURA_DATA_DIR: directory })
  const [, token = ''] = await made.until(/^(aura_\w+)$/m)
  return token
}

/** Starts it with a database of its own in `directory`. */
export async function startHome(directory: string): Promise<Home> {
  // The database's own account has to get in.
  chmodSync(directory, 0o755)
  const aura = runAura(['start'], { ...alone, AURA_AUTH_MODE: 'accounts', AURA_DATA_DIR: directory })
  await using stack = new AsyncDisposableStack()
  stack.use(aura)
  const { console: origin, metrics } = await addressesOf(aura)
  const [link] = await aura.until(/http:\S+\/setup#token=\S+/)
  const owner = await enter(link, 'ada')
  await invite(owner, origin, 'alertmanager', 'service')
  const token = await makeToken(directory)
  const started = stack.move()
  return {
    metrics: new URL(metrics).host,
    webhook: `${origin}/api/alerts/webhook`,
    token,
    async delivered(alertname) {
      const { alerts } = (await (await owner.get('/api/alerts/delivered?limit=200')).json()) as { alerts: Kept[] }
      return alerts.filter(({ labels }) => labels['alertname'] === alertname).map(({ state }) => state)
    },
    async guessPasswords() {
      for (let tries = 0; tries < 6; tries++) await guess(origin, 'ada')
    },
    async acknowledge(rule) {
      const base = '/api/governance/alerts'
      const { alerts } = (await (await owner.get(base)).json()) as { alerts: SecurityAlert[] }
      for (const alert of alerts.filter((one) => one.rule === rule))
        await owner.post(`${base}/${alert.id}/acknowledge`, { comment: 'it was a test' })
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  }
}
