import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isCapability } from '../../../src/auth/capabilities.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import { shippedRoles } from '../../../src/auth/policy/shipped.ts'
import { startConsole, type TestConsole } from '../../support/console.ts'
import { makeUser, session, token, type Headers } from '../../support/sign-in.ts'

let aura: TestConsole
const users = new Map<string, string>()

beforeAll(async () => {
  aura = await startConsole()
  for (const { id } of shippedRoles) users.set(id, await makeUser(aura, id))
  users.set('nobody', await makeUser(aura))
})
afterAll(() => aura?.[Symbol.asyncDispose]())

/** What each role may do, worked out from what is shipped and from nothing else. */
const table = compile({
  version: 1,
  roles: shippedRoles,
  groups: [],
  separations: [],
  assignments: shippedRoles.map(({ id }) => ({
    id,
    subject: { kind: 'user' as const, id },
    role: id,
    scope: '*',
    expiresAt: undefined,
    grantedBy: 'setup',
  })),
})
const who = [...shippedRoles.map(({ id }) => id), 'nobody']
const may = (role: string, capability: string): boolean =>
  capability === 'signed-in' || (isCapability(capability) && table.decide(role, capability, undefined, 0).allow)

interface Route {
  readonly method: string
  readonly url: string
  readonly capability: string
}

const routes = (): Route[] =>
  aura.routes.flatMap(({ method, url, config }) =>
    [method].flat().map((one) => ({ method: one, url, capability: String(config?.capability) })),
  )
// HEAD is GET without the body that says why; tests of the gate itself hold that it is refused alike.
const guarded = (): Route[] => routes().filter(({ capability, method }) => capability !== 'public' && method !== 'HEAD')

let asked = 0
/** Another address on this machine each time: thousands of unknown sessions from one would be a flood, and refused. */
const remoteAddress = (): string => `127.1.${(asked >> 8) & 255}.${asked++ & 255}`

/**
 * How far a request came. Bodies are empty and ids name nothing, so that whoever is let in changes nothing either; what
 * the route itself then refuses comes after the gate.
 */
async function ask({ method, url, capability }: Route, headers: Headers): Promise<'in' | 'refused' | 'unknown'> {
  const path = url.replaceAll(/:\w+/g, 'nothing').replace('*', 'nothing')
  const body = method === 'GET' || method === 'DELETE' ? {} : { payload: {} }
  const request = { method: method as 'GET', url: path, headers: { ...headers }, remoteAddress: remoteAddress() }
  const answer = await aura.app.inject({ ...request, ...body })
  if (answer.statusCode === 401) return 'unknown'
  const { error } = answer.statusCode === 403 ? answer.json() : {}
  if (error?.code !== 'FORBIDDEN' || error.object !== undefined) return 'in'
  expect(error).toMatchObject({ capability })
  return 'refused'
}

/** Signing out and the like end the session: each request gets its own. */
const fresh = (role: string): Promise<Headers> => session(aura, users.get(role) ?? '')

test('no route is missing from the table, and what is open to all is meant to be', () => {
  expect(routes().every(({ capability }) => isCapability(capability) || /^(public|signed-in)$/.test(capability))).toBe(
    true,
  )
  expect(guarded().length).toBeGreaterThan(50)
  const open = routes().filter(({ capability, method }) => capability === 'public' && method !== 'HEAD')
  expect(open.map(({ method, url }) => `${method} ${url}`).toSorted()).toMatchSnapshot()
})

test('without a session every guarded route asks who it is, and does nothing else', async () => {
  for (const route of guarded()) expect.soft([route.url, await ask(route, {})]).toEqual([route.url, 'unknown'])
})

describe.each(who)('%s', (role) => {
  const expected = ({ capability }: Route) => (may(role, capability) ? 'in' : 'refused')

  test('by session: exactly what the table says', async () => {
    for (const route of guarded()) {
      const where = `${route.method} ${route.url}`
      expect.soft([where, await ask(route, await fresh(role))]).toEqual([where, expected(route)])
    }
  })

  test('by token: the same; narrowed to nothing: nothing; narrowed to one right: that one', async () => {
    const id = users.get(role) ?? ''
    const [whole, none, one] = [
      await token(aura, id),
      await token(aura, id, []),
      await token(aura, id, ['system:read']),
    ]
    for (const route of guarded()) {
      const where = `${route.method} ${route.url}`
      const free = route.capability === 'signed-in'
      expect.soft([where, await ask(route, whole)]).toEqual([where, expected(route)])
      expect.soft([where, await ask(route, none)]).toEqual([where, free ? 'in' : 'refused'])
      const only = free || (route.capability === 'system:read' && may(role, 'system:read'))
      expect.soft([where, await ask(route, one)]).toEqual([where, only ? 'in' : 'refused'])
    }
  })

  test('expired session or token: unknown', async () => {
    const id = users.get(role) ?? ''
    const past = Date.now() - 1
    const [old, spent] = [await session(aura, id, past), await token(aura, id, null, past)]
    for (const route of guarded()) {
      expect.soft([route.url, await ask(route, old)]).toEqual([route.url, 'unknown'])
      expect.soft([route.url, await ask(route, spent)]).toEqual([route.url, 'unknown'])
    }
  })

  test('live topics: exactly what the table says', async () => {
    for (const { name, capability } of aura.app.topics) {
      const request = { url: `/api/poll?topic=${name}`, remoteAddress: remoteAddress() }
      const { statusCode } = await aura.app.inject({ ...request, headers: { ...(await fresh(role)) } })
      expect.soft([name, statusCode !== 403 && statusCode !== 401]).toEqual([name, may(role, capability)])
    }
  })
})
