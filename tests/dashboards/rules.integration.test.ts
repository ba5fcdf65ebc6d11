import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ruleTests } from '../../dashboards/lib/rule-tests.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'

const promtool = (...args: string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  return { status, text: stdout + stderr }
}
const root = join(import.meta.dirname, '../..')
const installed = spawnSync('promtool', ['--version']).status === 0
if (!installed) console.warn('promtool is not installed: rules are not tested')

describe.skipIf(!installed)('rules', () => {
  let folder = ''
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'aura-rules-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const files = ruleGroups.map(({ name }) => join(root, `prometheus/rules/${name}.yml`))

  test('promtool finds no fault, with every lint', () => {
    const { status, text } = promtool('check', 'rules', '--lint=all', '--lint-fatal', ...files)
    expect(text).not.toMatch(/error|duplicate/i)
    expect(status).toBe(0)
  })

  test.each(ruleGroups.filter(({ alerts }) => alerts.length > 0).map((group) => [group.name, group] as const))(
    '%s: every alert keeps quiet, fires and resolves',
    (name, group) => {
      const file = join(folder, `${name}.test.yml`)
      writeFileSync(file, ruleTests(group, files))
      const { status, text } = promtool('test', 'rules', file)
      expect(text).toContain('SUCCESS')
      expect(status).toBe(0)
    },
    120_000,
  )
})
