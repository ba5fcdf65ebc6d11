import { readFileSync } from 'node:fs'
import type { SecureVersion } from 'node:tls'
import type { ServerOptions } from 'node:https'
import type { TlsConfig, TlsVersion } from './file.ts'

const nodeVersion: Record<TlsVersion, SecureVersion> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
}

/** Go's name of a cipher suite as OpenSSL spells it; TLS 1.3 suites are the same in both. */
export function opensslCipher(go: string): string {
  const [, exchange, rest] = /^TLS_(?:(ECDHE_ECDSA|ECDHE_RSA|RSA)_WITH_)?(.+)$/.exec(go) ?? []
  if (rest === undefined || exchange === undefined) return go
  const bulk = rest
    .replace(/^AES_(\d+)/, 'AES$1')
    .replace(/^CHACHA20_POLY1305.*/, 'CHACHA20_POLY1305')
    .replaceAll('_', '-')
  return exchange === 'RSA' ? bulk : `${exchange.replace('_', '-')}-${bulk.replace(/-CBC-/, '-')}`
}

/** Options of Node's TLS server for a tls_server_config; reads the certificate and key files. */
export function tlsOptions(tls: TlsConfig): ServerOptions {
  return {
    cert: readFileSync(tls.cert_file),
    key: readFileSync(tls.key_file),
    minVersion: nodeVersion[tls.min_version],
    maxVersion: nodeVersion[tls.max_version],
    requestCert: tls.client_auth_type !== 'NoClientCert',
    rejectUnauthorized: tls.client_auth_type === 'RequireAndVerifyClientCert',
    ...(tls.client_ca_file === undefined ? {} : { ca: readFileSync(tls.client_ca_file) }),
    ...(tls.cipher_suites.length === 0 ? {} : { ciphers: tls.cipher_suites.map(opensslCipher).join(':') }),
  }
}
