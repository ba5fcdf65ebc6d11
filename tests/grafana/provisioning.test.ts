import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parsePromql } from '../dashboards/promql.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'))

interface DataSource {
  readonly name: string
  readonly uid: string
  readonly type: string
  readonly url: string
  readonly editable: boolean
  readonly isDefault?: boolean
  readonly jsonData: Readonly<Record<string, unknown>>
}

const { datasources, prune } = read('grafana/provisioning/datasources/aura.yml') as {
  datasources: DataSource[]
  prune: boolean
}
const find = (uid: string): DataSource | undefined => datasources.find((source) => source.uid === uid)

/** Every text in a value, with the key it stands under. */
function texts(value: unknown, key = ''): [key: string, text: string][] {
  if (typeof value === 'string') return [[key, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, Array.isArray(value) ? key : name))
}

describe('data sources', () => {
  test('have uids of their own, are not edited in the browser, and those left out are removed', () => {
    expect(datasources.map(({ uid }) => uid)).toEqual(['prometheus', 'alertmanager', 'tempo', 'postgres'])
    expect(datasources.every(({ editable }) => !editable)).toBe(true)
    expect(datasources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(['prometheus'])
    expect(prune).toBe(true)
  })

  test('refer only to each other', () => {
    const uids = texts(datasources).filter(([key]) => /(datasource|alertmanager)Uid$/.test(key))
    expect(uids.length).toBeGreaterThan(3)
    for (const [, uid] of uids) expect(find(uid)).toBeDefined()
  })

  test('the scrape interval is that of Prometheus', () => {
    const { global } = read('prometheus/prometheus.yml') as { global: { scrape_interval: string } }
    expect(find('prometheus')?.jsonData['timeInterval']).toBe(global.scrape_interval)
  })

  // Grafana expands variables in these files: a single dollar before a name would vanish.
  test('dollars are doubled, but where a secret is read', () => {
    for (const [key, text] of texts(datasources))
      expect(text.replaceAll('$$', '').replaceAll(/\$__file\{\/run\/secrets\/\w+\}/g, ''), key).not.toContain('$')
  })

  test('no secret stands in the file', () => {
    const secrets = texts(datasources).filter(([key]) => /password|token|secret/i.test(key))
    expect(secrets).toEqual([['password', expect.stringMatching(/^\$__file\{/)]])
  })

  test('queries of traces are PromQL', () => {
    const queries = texts(find('tempo')).filter(([key]) => key === 'query')
    expect(queries).toHaveLength(2)
    for (const [, query] of queries)
      expect(parsePromql(query.replace('$$__tags', 'http_route="/x"')).errors).toEqual([])
  })
})

test('boards are found by their data source and by the provider', () => {
  const { providers } = read('grafana/provisioning/dashboards/aura.yml') as { providers: object[] }
  expect(providers).toHaveLength(1)
  expect(providers[0]).toMatchObject({ type: 'file', folderUid: 'aura', allowUiUpdates: false })
  for (const file of readdirSync(join(root, 'grafana/dashboards'))) {
    const board = read(`grafana/dashboards/${file}`) as {
      id?: number
      templating: { list: { current: { value: string } }[] }
    }
    expect(board).not.toHaveProperty('id')
    expect(find(board.templating.list[0]?.current.value ?? '')?.type).toBe('prometheus')
  }
})
