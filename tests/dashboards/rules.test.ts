import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generated } from '../../dashboards/generated.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'

const root = join(import.meta.dirname, '../..')
const alerts = ruleGroups.flatMap((group) => group.alerts)
const recording = ruleGroups.flatMap((group) => group.recording)

test.each([...generated()])('%s is what npm run dashboards writes', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text)
})

test.each(['prometheus/rules', 'grafana/dashboards'])('no file of %s is left over', (folder) => {
  const written = new Set(generated().keys())
  const there = readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)
  expect(there.filter((path) => !written.has(path))).toEqual([])
})

test('names are unique', () => {
  const names = [
    ...alerts.map(({ alert }) => alert),
    ...recording.map(({ record, labels }) => `${record}${JSON.stringify(labels)}`),
  ]
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

describe.each(alerts.map((rule) => [rule.alert, rule] as const))('%s', (_name, rule) => {
  test('says what is wrong, where, and how much', () => {
    expect(rule.summary.length).toBeGreaterThan(15)
    expect(rule.summary.length).toBeLessThan(160)
    if (rule.severity !== 'none') expect(rule.description).toContain('$value')
  })

  test('has a runbook section worth reading', () => {
    const { means, look, causes, mend } = rule.runbook
    expect(means.length).toBeGreaterThan(30)
    for (const lines of [look, causes, mend]) expect(lines.length).toBeGreaterThan(0)
  })

  test('its proof has the three moments in order', () => {
    if (rule.proof === undefined) return expect(rule.expr).toBe('vector(1)')
    const { quiet, fires, resolves } = rule.proof
    expect(quiet).toBeLessThan(fires)
    expect(fires).toBeLessThan(resolves)
  })
})
