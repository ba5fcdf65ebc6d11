import { enter, guess, invite, type Person } from './people.ts'

/** A request for the deletion of a model. */
interface Asked {
  readonly id: string
  readonly hash: string
}

const times = async (count: number, act: () => Promise<unknown>): Promise<void> => {
  for (let at = 0; at < count; at++) await act()
}

async function askToDelete(person: Person, model: string): Promise<Asked> {
  return person.post<Asked>('/api/models/delete', { model, reason: 'nobody uses it' })
}

const at = (asked: Asked | undefined, verb: string): string =>
  `/api/governance/approvals/${asked?.id ?? 'none'}/${verb}`

/** One request of each fate: approved, refused, withdrawn, and one that nobody decides. */
async function decide(asks: Person, decides: Person, models: readonly string[]): Promise<void> {
  const [approved, refused, withdrawn] = await Promise.all(models.slice(0, 4).map((model) => askToDelete(asks, model)))
  await decides.post(at(approved, 'approve'), { hash: approved?.hash })
  await decides.post(at(refused, 'refuse'), { comment: 'it is used' })
  await asks.post(at(withdrawn, 'withdraw'))
}

export interface People {
  /** An API token of the owner. */
  readonly token: string
  /** One request of each fate, and one that nobody decides. */
  askForApproval(): Promise<void>
  /** Wrong passwords, rights that are missing, and no session at all. */
  turnAway(): Promise<void>
}

/** The first owner, an operator and a viewer. */
export async function inviteThem(origin: string, link: string): Promise<People> {
  const ada = await enter(link, 'ada')
  const [grace, eve] = [await invite(ada, origin, 'grace', 'operator'), await invite(ada, origin, 'eve', 'viewer')]
  const { secret } = await ada.post<{ secret: string }>('/api/account/tokens', { name: 'boards' })
  return {
    token: secret,
    async askForApproval() {
      const answer = await ada.get('/api/models/status')
      const { models } = (await answer.json()) as { readonly models: readonly { readonly name: string }[] }
      if (models.length < 4) throw new Error(`the simulated Ollama has ${models.length} models only`)
      const names = models.map(({ name }) => name)
      await decide(grace, ada, names)
    },
    async turnAway() {
      // Enough for the security alerts "failed-sign-ins" and "denied-burst", and then too fast.
      await times(6, () => guess(origin, 'grace'))
      await times(12, () => eve.get('/api/governance/audit-logs'))
      await times(3, () => fetch(`${origin}/api/system/metrics`))
    },
  }
}
