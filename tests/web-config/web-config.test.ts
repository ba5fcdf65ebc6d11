import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { beforeAll, expect, test } from 'vitest'
import { check } from '../../src/web-config/file.ts'
import { opensslCipher } from '../../src/web-config/tls.ts'
import { metricsServer } from '../support/metrics-server.ts'
import { recordingLogger } from '../support/logger.ts'

let dir = ''
const path = (name: string): string => join(dir, name)
const basic = (user: string, password: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
})

function certificate(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
    stdio: 'ignore',
  })
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'aura-web-config-'))
  certificate('one')
  certificate('two')
})

const write = (name: string, text: string): string => {
  writeFileSync(path(name), text)
  return path(name)
}

const tls = (name: string): string =>
  `tls_server_config:\n  cert_file: ${name}.crt\n  key_file: ${name}.key\n  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: two.crt\n`

/** Status and the certificate's common name. */
function fetchTls(url: string, options: object = {}): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ rejectUnauthorized: false, ...options })
    get(`${url}/metrics`, { agent }, (response) => {
      const socket = response.socket as import('node:tls').TLSSocket
      const name = socket.getPeerCertificate().subject.CN
      response.resume().on('end', () => {
        agent.destroy()
        resolve([response.statusCode ?? 0, name])
      })
    }).on('error', reject)
  })
}

test('basic auth: right passwords pass, everything else is 401, a changed file is in force at once', async () => {
  const file = write('auth.yml', `basic_auth_users:\n  prom: ${hashSync('secret', 4)}\n`)
  const log = recordingLogger()
  await using server = await metricsServer([], { webConfigFile: file, log })
  const status = async (init?: object): Promise<number> => (await fetch(`${server.url}/metrics`, init)).status
  expect(await status()).toBe(401)
  expect(await status(basic('prom', 'secret'))).toBe(200)
  expect(await status(basic('prom', 'secret'))).toBe(200)
  expect(await status(basic('prom', 'wrong'))).toBe(401)
  expect(await status(basic('nobody', 'secret'))).toBe(401)
  expect(await status(basic('__proto__', 'secret'))).toBe(401)
  expect(await status({ headers: { authorization: 'Basic !!!' } })).toBe(401)
  write('auth.yml', `basic_auth_users:\n  prom: ${hashSync('changed', 4)}\n`)
  expect(await status(basic('prom', 'secret'))).toBe(401)
  expect(await status(basic('prom', 'changed'))).toBe(200)
  write('auth.yml', 'basic_auth_users: [broken')
  expect(await status(basic('prom', 'changed'))).toBe(200)
  expect(await status()).toBe(401)
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
})

test('TLS with a certificate that can be renewed, and client certificates that are checked', async () => {
  const file = write('tls.yml', tls('one'))
  await using server = await metricsServer([], { webConfigFile: file })
  const { readFileSync } = await import('node:fs')
  const client = { cert: readFileSync(path('two.crt')), key: readFileSync(path('two.key')) }
  expect(server.url).toMatch(/^https:/)
  expect(await fetchTls(server.url, client)).toEqual([200, 'one'])
  await expect(fetchTls(server.url)).rejects.toThrow()
  write('tls.yml', tls('two'))
  expect(await fetchTls(server.url, client)).toEqual([200, 'two'])
})

test('an optional client certificate is verified when it is given', async () => {
  const file = write(
    'optional.yml',
    'tls_server_config:\n  cert_file: one.crt\n  key_file: one.key\n  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: two.crt\nhttp_server_config:\n  headers:\n    X-Frame-Options: deny\n',
  )
  await using server = await metricsServer([], { webConfigFile: file })
  const { readFileSync } = await import('node:fs')
  const pair = (name: string) => ({ cert: readFileSync(path(`${name}.crt`)), key: readFileSync(path(`${name}.key`)) })
  expect(await fetchTls(server.url)).toEqual([200, 'one'])
  expect(await fetchTls(server.url, pair('two'))).toEqual([200, 'one'])
  expect(await fetchTls(server.url, pair('one'))).toEqual([403, 'one'])
})

test('a wrong file stops the start and says what is wrong', async () => {
  for (const [text, words] of [
    ['basic_auth_users:\n  a: plain\n', 'basic_auth_users.a is not a bcrypt hash'],
    ['tls_server_config:\n  cert_file: one.crt\n', 'needs cert_file and key_file'],
    ['tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS9\n', 'min_version must be one of TLS10'],
    ['tls: {}\n', 'unknown key tls'],
    ['a: [', 'cannot be read'],
  ] as const) {
    await expect(metricsServer([], { webConfigFile: write('wrong.yml', text) })).rejects.toThrow(words)
  }
  await expect(metricsServer([], { webConfigFile: path('missing.yml') })).rejects.toThrow('cannot be read')
})

test('an empty file is right, and Go names of ciphers become those of OpenSSL', () => {
  expect(check('/x', {})).toEqual({ headers: {}, users: {} })
  expect(opensslCipher('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256')).toBe('ECDHE-RSA-AES128-GCM-SHA256')
  expect(opensslCipher('TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256')).toBe('ECDHE-ECDSA-CHACHA20-POLY1305')
  expect(opensslCipher('TLS_RSA_WITH_AES_256_GCM_SHA384')).toBe('AES256-GCM-SHA384')
  expect(opensslCipher('TLS_AES_128_GCM_SHA256')).toBe('TLS_AES_128_GCM_SHA256')
})
