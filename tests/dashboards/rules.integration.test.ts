import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ruleTests } from '../../dashboards/lib/rule-tests.ts'
import type { RuleGroup } from '../../dashboards/lib/rule.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'

const promtool = (...args: string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  return { status, text: stdout + stderr }
}
const root = join(import.meta.dirname, '../..')
const installed = spawnSync('promtool', ['--version']).status === 0
if (!installed) console.warn('promtool is not installed: rules are not tested')

const fileOf = ({ name }: RuleGroup): string => join(root, `prometheus/rules/${name}.yml`)
/** The file of a group, and those of groups that record what it asks for. */
const needed = (group: RuleGroup): string[] => {
  const text = readFileSync(fileOf(group), 'utf8')
  const used = (other: RuleGroup): boolean => other.recording.some(({ record }) => text.includes(record))
  return ruleGroups.filter((other) => other === group || used(other)).map(fileOf)
}

describe.skipIf(!installed)('rules', () => {
  let folder = ''
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'aura-rules-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('promtool finds no fault, with every lint', () => {
    const { status, text } = promtool('check', 'rules', '--lint=all', '--lint-fatal', ...ruleGroups.map(fileOf))
    expect(text).not.toMatch(/error|duplicate/i)
    expect(status).toBe(0)
  })

  test.each(ruleGroups.filter(({ alerts }) => alerts.length > 0).map((group) => [group.name, group] as const))(
    '%s: every alert keeps quiet, fires and resolves',
    (name, group) => {
      const file = join(folder, `${name}.test.yml`)
      writeFileSync(file, ruleTests(group, needed(group)))
      const { status, text } = promtool('test', 'rules', file)
      expect(text).toContain('SUCCESS')
      expect(status).toBe(0)
    },
    120_000,
  )
})
