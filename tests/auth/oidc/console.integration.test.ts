import { expect, test } from 'vitest'
import { startConsole } from '../../support/console.ts'
import { clientSecret, createBrowser, startProvider } from '../../support/provider.ts'
import { makeUser } from '../../support/sign-in.ts'

const people = { 'sub-grace': { preferred_username: 'grace', groups: ['admins'] } }

test('the console as it starts: nobody before the owner, then the whole way with the audit log of the database', async () => {
  await using provider = await startProvider(people)
  const oidc = { issuer: provider.issuer, client_id: 'aura', client_secret: clientSecret, auto_create: true }
  await using aura = await startConsole((config) => {
    const scopes = ['openid', 'profile', 'groups']
    const asked = { ...config.auth.oidc, ...oidc, scopes, role_map: { admins: 'administrator' } }
    return { ...config, auth: { ...config.auth, oidc: asked } }
  }, true)
  const at = await aura.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = createBrowser()
  async function signIn() {
    const { next = '' } = await browser.visit(`${at}/api/account/oidc/start?to=/governance`)
    return browser.visit(await browser.comeBack(next, 'sub-grace', `${at}/api/account/oidc/callback`))
  }
  const early = await signIn()
  expect([early.status, early.text]).toEqual([409, expect.stringContaining('no owner yet')])
  await makeUser(aura, 'owner')
  expect((await signIn()).next).toBe(`${at}/governance`)
  const view = JSON.parse((await browser.visit(`${at}/api/account`)).text)
  expect(view).toMatchObject({ user: { name: 'grace' }, roles: ['administrator'] })
  const rows = await aura.app.database.db.selectFrom('audit.log').select(['action', 'actor']).execute()
  const own = rows.map(({ action, actor }) => `${action} by ${actor === view.user.id ? 'grace' : actor}`)
  for (const entry of ['user.create by grace', 'user.link by grace', 'role.assign by oidc', 'session.create by grace'])
    expect(own).toContain(entry)
})
