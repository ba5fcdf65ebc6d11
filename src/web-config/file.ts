import { dirname, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { ConfigError } from '../errors.ts'

/** TLS half of Prometheus' web.config.file, paths resolved against the file's folder. */
export interface TlsConfig {
  readonly cert_file: string
  readonly key_file: string
  readonly client_auth_type: ClientAuth
  readonly client_ca_file?: string
  readonly min_version: TlsVersion
  readonly max_version: TlsVersion
  readonly cipher_suites: readonly string[]
}

/** What a web.config.file says. Format: prometheus/exporter-toolkit docs/web-configuration.md. */
export interface WebConfig {
  readonly tls?: TlsConfig
  readonly headers: Readonly<Record<string, string>>
  /** User name -> bcrypt hash. */
  readonly users: Readonly<Record<string, string>>
}

const clientAuths = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const
export type ClientAuth = (typeof clientAuths)[number]

const versions = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const
export type TlsVersion = (typeof versions)[number]

type Mapping = Record<string, unknown>

/** Reads and checks a web.config.file with the given YAML parser. Throws `ConfigError` naming the file and the key. */
export function readWebConfig(path: string, parseYaml: (text: string) => unknown): WebConfig {
  let content: unknown
  try {
    content = parseYaml(readFileSync(path, 'utf8')) ?? {}
  } catch (error) {
    throw wrong(
      path,
      `cannot be read: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`,
      error,
    )
  }
  return check(path, content)
}

/** The checked content of a web.config.file at `path`, whose folder relative paths are resolved against. */
export function check(path: string, content: unknown): WebConfig {
  const top = mapping(path, 'the file', content)
  onlyKeys(path, top, ['tls_server_config', 'http_server_config', 'basic_auth_users'])
  const http = mapping(path, 'http_server_config', top['http_server_config'] ?? {})
  onlyKeys(path, http, ['http2', 'headers'])
  const users = texts(path, 'basic_auth_users', top['basic_auth_users'] ?? {})
  for (const [name, hash] of Object.entries(users)) {
    if (!/^\$2[aby]\$\d\d\$.{53}$/.test(hash)) throw wrong(path, `basic_auth_users.${name} is not a bcrypt hash`)
  }
  const tls = top['tls_server_config']
  const headers = texts(path, 'http_server_config.headers', http['headers'] ?? {})
  return { headers, users, ...(tls == null ? {} : { tls: checkTls(path, mapping(path, 'tls_server_config', tls)) }) }
}

function checkTls(path: string, tls: Mapping): TlsConfig {
  const known = ['cert_file', 'key_file', 'client_auth_type', 'client_ca_file', 'min_version', 'max_version']
  onlyKeys(path, tls, [...known, 'cipher_suites', 'curve_preferences', 'prefer_server_cipher_suites'])
  const file = (key: string): string | undefined => {
    const value = tls[key]
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string') throw wrong(path, `tls_server_config.${key} must be a path`)
    return resolve(dirname(path), value)
  }
  const [cert, key, ca] = [file('cert_file'), file('key_file'), file('client_ca_file')]
  if (cert === undefined || key === undefined) throw wrong(path, 'tls_server_config needs cert_file and key_file')
  const auth = oneOf(path, 'client_auth_type', clientAuths, tls['client_auth_type'] ?? 'NoClientCert')
  if (auth.includes('Verify') && ca === undefined) throw wrong(path, `client_auth_type ${auth} needs client_ca_file`)
  return {
    cert_file: cert,
    key_file: key,
    client_auth_type: auth,
    ...(ca === undefined ? {} : { client_ca_file: ca }),
    min_version: oneOf(path, 'min_version', versions, tls['min_version'] ?? 'TLS12'),
    max_version: oneOf(path, 'max_version', versions, tls['max_version'] ?? 'TLS13'),
    cipher_suites: Array.isArray(tls['cipher_suites']) ? tls['cipher_suites'].map(String) : [],
  }
}

function wrong(path: string, what: string, cause?: unknown): ConfigError {
  return new ConfigError(`${path}: ${what}; set by metrics.web_config_file`, { cause })
}

function mapping(path: string, name: string, value: unknown): Mapping {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping
  throw wrong(path, `${name} must be a mapping`)
}

function texts(path: string, name: string, value: unknown): Record<string, string> {
  const entries = Object.entries(mapping(path, name, value))
  const odd = entries.find(([, text]) => typeof text !== 'string')
  if (odd) throw wrong(path, `${name}.${odd[0]} must be text`)
  return Object.fromEntries(entries) as Record<string, string>
}

function onlyKeys(path: string, value: Mapping, known: readonly string[]): void {
  const odd = Object.keys(value).find((key) => !known.includes(key))
  if (odd !== undefined) throw wrong(path, `unknown key ${odd}; known here: ${known.join(', ')}`)
}

function oneOf<T extends string>(path: string, key: string, known: readonly T[], value: unknown): T {
  const found = known.find((item) => item === value)
  if (found === undefined) throw wrong(path, `${key} must be one of ${known.join(', ')}`)
  return found
}
