import { statSync } from 'node:fs'
import type { Logger } from '../lib/logger.ts'
import { readWebConfig, type WebConfig } from './file.ts'

/** A web.config.file that follows its file. */
export interface LiveWebConfig {
  /** What holds now. A changed file that is wrong is logged once and the last good one stays in force. */
  current(): WebConfig
  /** Grows whenever the file, the certificate, the key or the client CA has changed. */
  version(): number
}

/** Reads the file; throws `ConfigError` if it is wrong at the start. Later changes are seen on the next `current()`. */
export async function followWebConfig(path: string, log: Logger): Promise<LiveWebConfig> {
  const { parse } = await import('yaml')
  let config = readWebConfig(path, parse)
  let seen = fingerprint(path, config)
  let version = 0
  function refresh(): void {
    const now = fingerprint(path, config)
    if (now === seen) return
    seen = now
    try {
      config = readWebConfig(path, parse)
      seen = fingerprint(path, config)
      version++
      log.info({ file: path }, 'web.config.file read again')
    } catch (error) {
      log.error({ err: error }, 'web.config.file is wrong now; the last good one stays in force')
    }
  }
  return {
    current() {
      refresh()
      return config
    },
    version() {
      refresh()
      return version
    },
  }
}

function fingerprint(path: string, { tls }: WebConfig): string {
  return [path, tls?.cert_file, tls?.key_file, tls?.client_ca_file].map((file) => (file ? stamp(file) : '')).join(' ')
}

function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat ? `${stat.ino}:${stat.mtimeMs}:${stat.size}` : 'missing'
}
