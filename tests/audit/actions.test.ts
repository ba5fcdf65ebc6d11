import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { actions } from '../../src/audit/actions.ts'
import { capabilities } from '../../src/auth/capabilities.ts'
import type { Step } from '../../src/approvals/journal.ts'

const root = join(import.meta.dirname, '../..')
const nouns = ['role', 'group', 'separation']
const steps: Record<Step, true> = {
  request: true,
  approve: true,
  refuse: true,
  withdraw: true,
  expire: true,
  start: true,
  done: true,
  fail: true,
}

/** Names of acts as the code writes them: `action: 'noun.verb'`, and the helpers that take one. */
function written(): Set<string> {
  const found = new Set<string>()
  const patterns = [
    /\baction: '([a-z]+\.[a-z]+)'/g,
    /\bentry\(caller, '([a-z]+\.[a-z]+)'/g,
    /\bprove\(.*'([a-z]+\.[a-z]+)'\)/g,
    /\baction = .*'([a-z]+\.[a-z]+)' : '([a-z]+\.[a-z]+)'/g,
  ]
  for (const path of globSync('src/{audit,auth,approvals,features,commands,plugins}/**/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, path), 'utf8')
    for (const pattern of patterns)
      for (const [, ...names] of text.matchAll(pattern)) for (const name of names) found.add(name)
  }
  return found
}

test('every act that is written is on the closed list', () => {
  const known = new Set<string>(Object.keys(actions))
  const all = written()
  expect(all.size).toBeGreaterThan(20)
  expect([...all].filter((name) => !known.has(name))).toEqual([])
  expect(Object.keys(steps).filter((step) => !known.has(`approval.${step}`))).toEqual([])
  const changes = nouns.flatMap((noun) => ['create', 'update', 'delete'].map((verb) => `${noun}.${verb}`))
  expect(changes.filter((name) => !known.has(name))).toEqual([])
})

test('a refused change of the policy is named after the right that was missing, and that is on the list', () => {
  const known = new Set<string>(Object.keys(actions))
  const rights = Object.keys(capabilities).filter((each) => /^(role|user):(edit|assign)$/.test(each))
  expect(rights.map((each) => each.replace(':', '.')).filter((name) => !known.has(name))).toEqual([])
})
