import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

/** Who has an account at the provider, by its subject. */
export type ProviderPeople = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** What is spoilt of the next answers; `seconds` is how long a code lasts. */
export interface Spoil {
  /** Others than they would be; null: left out. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly alg?: 'none' | 'HS256'
  readonly signature?: boolean
  readonly seconds?: number
  readonly userinfoSub?: string
}

const [people, port] = JSON.parse(process.argv[2] ?? '[{},0]') as [ProviderPeople, number]
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const jwk = { ...key, kid: 'one', alg: 'RS256', use: 'sig' }
let spoil: Spoil = {}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (text = ''): object => JSON.parse(Buffer.from(text, 'base64url').toString()) as object

/** An ID token as a provider that errs, or lies, would make it; signed as it should be unless that is the point. */
function spoilt(token: string): string {
  const [head, body] = token.split('.')
  const header = { ...decode(head), ...(spoil.alg && { alg: spoil.alg }) }
  const claims = Object.entries({ ...decode(body), ...spoil.claims }).filter(([, value]) => value !== null)
  const text = `${encode(header)}.${encode(Object.fromEntries(claims))}`
  if (spoil.alg === 'none') return `${text}.`
  const signature = sign('sha256', Buffer.from(text), createPrivateKey({ key, format: 'jwk' }))
  if (spoil.signature === true) signature[7] = (signature[7] ?? 0) ^ 1
  return `${text}.${signature.toString('base64url')}`
}

const server = createServer()
server.listen(port, '127.0.0.1', () => {
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const client = {
    client_id: 'aura',
    client_secret: 'a-secret-of-a-client-that-is-long-enough',
    // Of a native application the port may be any.
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/api/account/oidc/callback'],
    post_logout_redirect_uris: ['http://127.0.0.1/'],
    require_auth_time: true,
  }
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: { keys: [jwk] },
    cookies: { keys: ['of-no-importance'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    ttl: {
      AuthorizationCode: () => spoil.seconds ?? 60,
      Session: 3600,
      Interaction: 600,
      Grant: 3600,
      IdToken: 600,
      AccessToken: 600,
    },
    findAccount: (_: unknown, sub: string) =>
      Object.hasOwn(people, sub) ? { accountId: sub, claims: () => ({ sub, ...people[sub] }) } : undefined,
  })
  provider.use(async (ctx, next) => {
    await next()
    const body = ctx.body as { id_token?: string; sub?: string } | undefined
    if (ctx.path === '/token' && typeof body?.id_token === 'string')
      ctx.body = { ...body, id_token: spoilt(body.id_token) }
    if (ctx.path === '/me' && spoil.userinfoSub !== undefined) ctx.body = { ...body, sub: spoil.userinfoSub }
  })
  server.on('request', provider.callback())
  process.on('message', (wanted: Spoil) => {
    spoil = wanted
    process.send?.('done')
  })
  process.send?.(issuer)
})
