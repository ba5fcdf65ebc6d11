/** Somebody with an account; what they send carries their session, which may be renewed by any answer. */
export interface Person {
  readonly id: string
  get(path: string): Promise<Response>
  /** The answer as JSON; throws if it is refused. */
  post<Answer>(path: string, body?: object): Promise<Answer>
}

const password = 'correct horse battery'

interface Account {
  readonly user: { readonly id: string }
  readonly csrf: string
}

const send = (origin: string, path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const cookieOf = ({ headers }: Response): string | undefined => headers.get('set-cookie')?.split(';')[0]

async function expectOk(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** Whoever uses a one-time link up: the first owner (then with a `login`), or somebody invited. */
export async function enter(link: string, login?: string): Promise<Person> {
  const { origin, hash } = new URL(link)
  const named = login === undefined ? {} : { login, name: login }
  const body = { token: hash.replace('#token=', ''), password, ...named }
  const answer = await expectOk(await send(origin, '/api/account/setup', body))
  const { user, csrf } = (await answer.json()) as Account
  let cookie = cookieOf(answer) ?? ''
  const renewed = (given: Response): Response => {
    cookie = cookieOf(given) ?? cookie
    return given
  }
  return {
    id: user.id,
    get: async (path) => renewed(await fetch(origin + path, { headers: { origin, cookie } })),
    async post<Answer>(path: string, more: object = {}) {
      const given = renewed(await send(origin, path, more, { cookie, 'x-csrf-token': csrf }))
      return (await (await expectOk(given)).json()) as Answer
    },
  }
}

/** A further person with this role. */
export async function invite(owner: Person, origin: string, login: string, role: string): Promise<Person> {
  type Invited = { readonly user: { readonly id: string }; readonly invitation: { readonly url: string } }
  const { user, invitation } = await owner.post<Invited>('/api/governance/users', { login, name: login })
  const subject = { kind: 'user', id: user.id }
  await owner.post('/api/governance/assignments', { subject, role })
  return enter(new URL(invitation.url, origin).href)
}

/** Tries to sign in, with a password that is not theirs. */
export const guess = (origin: string, login: string): Promise<Response> =>
  send(origin, '/api/account/sign-in', { login, password: 'not the password' })
