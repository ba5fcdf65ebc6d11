import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { generatedFiles } from '../../src/config/generate.ts'

function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'aura-config-')), name)
  writeFileSync(path, text)
  return path
}

test('generated files are fresh: npm run config:generate', () => {
  for (const [path, text] of Object.entries(generatedFiles())) {
    expect(readFileSync(join(import.meta.dirname, '../..', path), 'utf8'), path).toBe(text)
  }
})

test('defaults give way to the file, the file to the environment, and each value knows where it came from', async () => {
  const path = file('aura.yaml', 'server:\n  port: 1234\n  host: 127.0.0.2\n')
  const { config, settings } = await loadConfig(path, { AURA_SERVER_PORT: '4321' })
  expect(config.server).toMatchObject({ host: '127.0.0.2', port: 4321 })
  const origin = (key: string) => settings.find(({ leaf }) => leaf.key === key)?.origin
  expect(origin('server.port')).toBe('AURA_SERVER_PORT')
  expect(origin('server.host')).toBe(`${path} line 3`)
  expect(origin('metrics.port')).toBe('default')
})

test('every wrong value is one line with key, value, what is allowed and origin', async () => {
  const path = file('aura.yaml', 'server:\n  prt: 3\nlog:\n  level: loud\nmetrics: 7\n')
  const failure = loadConfig(path, { AURA_SERVER_PORT: '70000', AURA_METRICS_TIMEOUT: '10', AURA_SERVR_HOST: 'x' })
  await expect(failure).rejects.toMatchObject({ code: 'CONFIG' })
  const lines = await failure.catch((error: Error) => error.message.split('\n'))
  expect(lines).toEqual([
    'AURA_SERVR_HOST: no such setting; `aura config print` lists them all',
    `server.prt: 3 is not allowed: no such key; known here: host, port, public_url, trusted_proxies; set by ${path} line 2`,
    `metrics: 7 is not allowed: a mapping; set by ${path} line 5`,
    'server.port: 70000 is not allowed: integer, 0 to 65535; set by AURA_SERVER_PORT',
    'metrics.timeout: "10" is not allowed: a duration such as 500ms, 10s, 5m, 1h or 7d; set by AURA_METRICS_TIMEOUT',
    `log.level: "loud" is not allowed: one of trace, debug, info, warn, error, silent; set by ${path} line 4`,
  ])
})

test('a secret comes from the file that its _FILE variable names, and is never shown', async () => {
  const url = 'postgresql://u:p@127.0.0.1/db'
  const { config, settings } = await loadConfig(undefined, { AURA_DATABASE_URL_FILE: file('url', `${url}\n`) })
  expect(config.database.url).toBe(url)
  expect(settings.find(({ leaf }) => leaf.key === 'database.url')?.origin).toMatch(/^AURA_DATABASE_URL_FILE \(/)
  await expect(loadConfig(undefined, { AURA_DATABASE_URL_FILE: '/nowhere/at/all' })).rejects.toThrow(
    /database\.url: cannot read/,
  )
})

test('broken YAML and a named file that is missing are refused', async () => {
  await expect(loadConfig(file('a.yaml', 'server: [1\n'), {})).rejects.toThrow(/not valid YAML/)
  await expect(loadConfig('/nowhere/aura.yaml', {})).rejects.toThrow('/nowhere/aura.yaml does not exist')
})

test('whatever text a variable holds, the outcome is a configuration or a ConfigError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), async (port, level) => {
      const outcome = await loadConfig(undefined, { AURA_SERVER_PORT: port, AURA_LOG_LEVEL: level }).catch(
        (e: unknown) => e,
      )
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'CONFIG' })
      else expect(outcome).toHaveProperty('config')
    }),
  )
})
