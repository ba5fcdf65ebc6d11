import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { ConfigError, RefusedError } from '../../errors.ts'
import type { External } from '../external/index.ts'
import type { ExternalPerson, ExternalRules } from '../external/types.ts'
import { canonicalAddress } from '../loopback.ts'
import { isSame } from '../secrets.ts'
import type { ProxyConfig } from './config.ts'

/** A reverse proxy that signs people in. */
export interface Proxy {
  readonly name: string
  /** Whether coming this way once more counts as proving who one is. */
  readonly confirms: boolean
  readonly rules: ExternalRules
  /**
   * Whom a trusted proxy names; undefined: it names nobody, or whoever sends this is no trusted proxy. Throws
   * `RefusedError` for a header that is there twice.
   */
  person(request: IncomingMessage): ExternalPerson | undefined
  /** Whether a trusted proxy names this user, as it has to for as long as a session that it began is used. */
  vouches(request: IncomingMessage, userId: string): Promise<boolean>
}

const issuer = 'proxy'
const remembered = 10_000

const twice = (): RefusedError =>
  new RefusedError(400, 'BAD_REQUEST', 'A header that says who somebody is may come once only')

/** Throws `ConfigError` for what is neither an address nor a network. */
function trustedAddresses(addresses: readonly string[]): BlockList {
  const list = new BlockList()
  for (const each of addresses) {
    const [address = '', length, ...rest] = each.trim().split('/')
    const family = isIP(address)
    const bits = length === undefined ? undefined : Number(length)
    const wrongBits = bits !== undefined && (!/^\d{1,3}$/.test(length ?? '') || bits > (family === 4 ? 32 : 128))
    if (family === 0 || rest.length > 0 || wrongBits) {
      throw new ConfigError(`auth.proxy.addresses: ${JSON.stringify(each)} is neither an address nor a network`)
    }
    const type = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, bits, type)
  }
  return list
}

/** One header; empty without it. Node would join two, or keep the first. */
function single({ rawHeaders }: IncomingMessage, name: string): string {
  if (name === '') return ''
  const wanted = name.toLowerCase()
  const values = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === wanted)
  if (values.length > 1) throw twice()
  // Bytes come as Latin-1; proxies send UTF-8.
  return Buffer.from(values[0] ?? '', 'latin1')
    .toString('utf8')
    .trim()
    .slice(0, 2000)
}

function personOf(request: IncomingMessage, config: ProxyConfig): ExternalPerson | undefined {
  const subject = single(request, config.user_header)
  const [name, email, groups] = [config.name_header, config.email_header, config.groups_header].map((header) =>
    single(request, header),
  )
  if (subject === '') return undefined
  return {
    issuer,
    subject,
    name: name || subject,
    logins: [subject],
    email: email === '' ? undefined : email,
    groups: (groups ?? '').split(',').flatMap((group) => group.trim() || []),
  }
}

const rulesOf = ({ auto_create, link_by_name, default_role, role_map, group_map }: ProxyConfig): ExternalRules => ({
  method: 'proxy',
  autoCreate: auto_create,
  linkBy: link_by_name ? 'login' : undefined,
  defaultRole: default_role,
  roleMap: role_map,
  groupMap: group_map,
})

/** Undefined where no proxy is listed: then nobody's headers count. Throws `ConfigError` for what cannot be meant. */
export function createProxy(config: ProxyConfig, external: Pick<External, 'userOf'>): Proxy | undefined {
  if (config.addresses.length === 0) return undefined
  if (config.secret_header !== '' && config.secret === '') {
    throw new ConfigError('auth.proxy.secret_header is set, but auth.proxy.secret is empty')
  }
  const trusted = trustedAddresses(config.addresses)
  const isSecret = isSame(config.secret)
  // Ties never change while a user has sessions.
  const users = new Map<string, string>()
  function fromProxy(request: IncomingMessage): boolean {
    const address = canonicalAddress(request.socket.remoteAddress ?? '')
    const family = isIP(address)
    if (family === 0 || !trusted.check(address, family === 4 ? 'ipv4' : 'ipv6')) return false
    return config.secret_header === '' || isSecret(single(request, config.secret_header))
  }
  const person = (request: IncomingMessage) => (fromProxy(request) ? personOf(request, config) : undefined)
  return {
    name: config.name,
    confirms: config.confirms,
    rules: rulesOf(config),
    person,
    async vouches(request, userId) {
      const named = person(request)
      if (named === undefined) return false
      if (users.get(named.subject) === userId) return true
      const id = await external.userOf(named)
      if (id === undefined) return false
      if (users.size >= remembered) users.clear()
      users.set(named.subject, id)
      return id === userId
    },
  }
}
