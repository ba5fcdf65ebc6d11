import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startConsole, type TestConsole } from '../../support/console.ts'
import { makeUser, session, type Headers } from '../../support/sign-in.ts'

const digest = 'a'.repeat(64)
const models = new Set(['llama3.2:3b', 'phi4:14b'])

/** An Ollama with two models, as far as listing and deleting go. */
const ollama: Server = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    if (request.method === 'DELETE') {
      const { model } = JSON.parse(text) as { model: string }
      response.writeHead(models.delete(model) ? 200 : 404).end()
    } else response.end(JSON.stringify({ models: [...models].map((name) => ({ name, digest, size: 2e9 })) }))
  })
})

let aura: TestConsole
beforeAll(async () => {
  await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(ollama.address() as AddressInfo).port}`
  aura = await startConsole((config) => ({ ...config, ollama: { ...config.ollama, url } }))
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  ollama.close()
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

async function call(who: Headers, method: Method, url: string, payload?: object) {
  const answer = await aura.app.inject({ method, url, headers: { ...who }, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json(), cookie: String(answer.headers['set-cookie'] ?? '') }
}

test('from the first start to a deletion that two people made', async () => {
  const secret = await aura.access.identity.setup.link()
  const setup = { token: secret, login: 'ada', name: 'Ada', password: 'correct horse battery' }
  const made = await call({ 'sec-fetch-site': 'same-origin' }, 'POST', '/api/account/setup', setup)
  expect(made.status).toBe(200)
  const ada = {
    cookie: made.cookie.split(';')[0] ?? '',
    'x-csrf-token': made.body.csrf,
    'sec-fetch-site': 'same-origin',
  }

  const role = { id: 'cleaner', name: 'Cleaner', description: '', parent: 'administrator', trust: 30 }
  const rules = [{ capability: 'models:delete', effect: 'allow', scope: 'model:llama*' }]
  const created = await call(ada, 'POST', '/api/governance/roles', { ...role, rules })
  expect(created).toMatchObject({ status: 201, body: { effective: { 'models:delete': 'partly' }, version: 1 } })

  const bob = await makeUser(aura)
  const bobs = await session(aura, bob)
  const asked = { model: 'llama3.2:3b', reason: 'not used' }
  expect(await call(bobs, 'POST', '/api/models/delete', asked)).toMatchObject({
    status: 403,
    body: { error: { code: 'FORBIDDEN', capability: 'models:delete' } },
  })
  const why = await call(bobs, 'POST', '/api/governance/why', { capability: 'models:delete' })
  expect(why).toMatchObject({ status: 200, body: { allow: false, reason: 'no rule', grantors: [{ name: 'Ada' }] } })

  const subject = { kind: 'user', id: bob }
  const assigned = await call(ada, 'POST', '/api/governance/assignments', { subject, role: 'cleaner' })
  expect(assigned).toMatchObject({ status: 201, body: { scope: '*', role: 'cleaner' } })
  expect(await call(bobs, 'POST', '/api/models/delete', { ...asked, model: 'phi4:14b' })).toMatchObject({ status: 403 })
  expect(await call(bobs, 'POST', '/api/models/delete', { ...asked, model: 'llama9' })).toMatchObject({ status: 400 })
  const pending = await call(bobs, 'POST', '/api/models/delete', asked)
  expect(pending).toMatchObject({ status: 202, body: { state: 'pending', mine: true, mayApprove: false } })
  expect(pending.body.summary).toBe('Delete model llama3.2:3b (2.0 GB)')

  const inbox = await call(ada, 'GET', '/api/governance/approvals?state=pending')
  expect(inbox.body.approvals).toMatchObject([{ id: pending.body.id, mayApprove: true }])
  const { id, hash } = pending.body
  const done = await call(ada, 'POST', `/api/governance/approvals/${id}/approve`, { hash })
  expect(done).toMatchObject({ status: 200, body: { state: 'done', outcome: { deleted: true } } })
  expect([...models]).toEqual(['phi4:14b'])
  const actions = aura.audit.entries.map(({ action }) => action)
  for (const action of ['role.create', 'role.assign', 'approval.request', 'approval.approve', 'approval.done']) {
    expect(actions).toContain(action)
  }
})

test('an edit of what somebody else edited meanwhile is a conflict that says the version', async () => {
  const owner = await session(aura, await makeUser(aura, 'owner'))
  const { body } = await call(owner, 'GET', '/api/governance/roles')
  const { id, version, name, description, parent, trust, rules } = body.roles.find(
    (one: { id: string }) => one.id === 'viewer',
  )
  const edit = { name, description, parent, trust, rules, version }
  expect(await call(owner, 'PUT', `/api/governance/roles/${id}`, { ...edit, name: 'Watcher' })).toMatchObject({
    status: 200,
  })
  expect(await call(owner, 'PUT', `/api/governance/roles/${id}`, { ...edit, name: 'Onlooker' })).toMatchObject({
    status: 409,
    body: { error: { code: 'VERSION_CONFLICT', version: version + 1 } },
  })
})

test('who has not proved lately who they are is asked before rights change', async () => {
  const owner = await makeUser(aura, 'owner')
  const tired = await session(aura, owner)
  const old = { authenticated_at: new Date(Date.now() - 3_600_000) }
  await aura.app.database.db.updateTable('aura.session').set(old).where('user_id', '=', owner).execute()
  const group = { name: 'Night shift', members: [] }
  expect(await call(tired, 'POST', '/api/governance/groups', group)).toMatchObject({
    status: 403,
    body: { error: { code: 'REAUTHENTICATION_REQUIRED' } },
  })
})

test('nobody reaches up: an administrator cannot lock, invite anew, or make tokens for an owner', async () => {
  const owner = await makeUser(aura, 'owner')
  const admin = await session(aura, await makeUser(aura, 'administrator'))
  const above = { status: 403, body: { error: { code: 'GRANT_CEILING' } } }
  for (const act of ['lock', 'invitation']) {
    expect(await call(admin, 'POST', `/api/governance/users/${owner}/${act}`)).toMatchObject(above)
  }
  expect(await call(admin, 'POST', '/api/governance/tokens', { user: owner, name: 'x' })).toMatchObject(above)
  const member = await makeUser(aura, 'member')
  expect(await call(admin, 'POST', `/api/governance/users/${member}/lock`)).toMatchObject({ status: 200 })
})

test('a right on one user is no right on another', async () => {
  const [mine, foreign] = [await makeUser(aura, 'viewer'), await makeUser(aura, 'viewer')]
  const owner = await session(aura, await makeUser(aura, 'owner'))
  const rules = [{ capability: 'user:edit', effect: 'allow', scope: `user:${mine}` }]
  const role = { id: 'keeper', name: 'Keeper', description: '', parent: 'administrator', trust: 70, rules }
  expect(await call(owner, 'POST', '/api/governance/roles', role)).toMatchObject({ status: 201 })
  const keeper = await session(aura, await makeUser(aura, 'keeper'))
  expect(await call(keeper, 'POST', `/api/governance/users/${foreign}/lock`)).toMatchObject({
    status: 403,
    body: { error: { code: 'FORBIDDEN', capability: 'user:edit', object: `user:${foreign}` } },
  })
  expect(await call(keeper, 'POST', `/api/governance/users/${mine}/lock`)).toMatchObject({ status: 200 })
})

test('roles as code: the exported file changes nothing; a wrong one says why; a stale plan is refused', async () => {
  const owner = await session(aura, await makeUser(aura, 'owner'))
  const { body: yaml } = await aura.app.inject({ url: '/api/governance/roles.yaml', headers: { ...owner } })
  const plan = await call(owner, 'POST', '/api/governance/roles/plan', { yaml })
  expect(plan).toMatchObject({ status: 200, body: { errors: [], changes: [] } })
  const wrong = await call(owner, 'POST', '/api/governance/roles/plan', { yaml: 'roles: 3' })
  expect(wrong.body.errors.length).toBeGreaterThan(0)
  const { policyVersion } = plan.body
  const stale = await call(owner, 'POST', '/api/governance/roles/apply', { yaml, policyVersion: policyVersion - 1 })
  expect(stale).toMatchObject({ status: 409, body: { error: { code: 'VERSION_CONFLICT', version: policyVersion } } })
})
