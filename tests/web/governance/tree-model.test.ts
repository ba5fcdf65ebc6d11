import { expect, it } from 'vitest'
import { branchOf, treeMove, treeRows, typeAhead } from '../../../web/src/ui/tree-model.ts'

const items = [
  { id: 'owner', label: 'Owner' },
  { id: 'admin', parent: 'owner', label: 'Administrator' },
  { id: 'operator', parent: 'admin', label: 'Operator' },
  { id: 'service', parent: 'admin', label: 'Service' },
  { id: 'other', label: 'Outsider' },
]
const rows = (...collapsed: string[]) => treeRows(items, new Set(collapsed))
const ids = (...collapsed: string[]) => rows(...collapsed).map(({ id }) => id)

it('shows every line with its level and its place among its siblings', () => {
  expect(rows().map(({ id, level, place, siblings, expanded }) => [id, level, place, siblings, expanded])).toEqual([
    ['owner', 1, 1, 2, true],
    ['admin', 2, 1, 1, true],
    ['operator', 3, 1, 2, undefined],
    ['service', 3, 2, 2, undefined],
    ['other', 1, 2, 2, undefined],
  ])
})

it('leaves out what lies below a collapsed line', () => {
  expect(ids('admin')).toEqual(['owner', 'admin', 'other'])
  expect(ids('owner')).toEqual(['owner', 'other'])
  expect(rows('admin').find(({ id }) => id === 'admin')?.expanded).toBe(false)
})

it('shows what has an unknown parent, or is its own ancestor, as a root', () => {
  const odd = [
    { id: 'a', parent: 'b', label: 'a' },
    { id: 'b', parent: 'a', label: 'b' },
    { id: 'c', parent: 'gone', label: 'c' },
    { id: 'd', parent: 'a', label: 'd' },
  ]
  expect(treeRows(odd, new Set()).map(({ id, level }) => [id, level])).toEqual([
    ['a', 1],
    ['d', 2],
    ['b', 1],
    ['c', 1],
  ])
})

it('finds a branch: itself and all below', () => {
  expect([...branchOf(items, 'admin')]).toEqual(['admin', 'operator', 'service'])
  expect([...branchOf(items, 'other')]).toEqual(['other'])
})

it.each([
  ['owner', 'ArrowDown', { focus: 'admin' }],
  ['other', 'ArrowDown', {}],
  ['admin', 'ArrowUp', { focus: 'owner' }],
  ['owner', 'ArrowUp', {}],
  ['service', 'Home', { focus: 'owner' }],
  ['owner', 'End', { focus: 'other' }],
  ['admin', 'ArrowLeft', { collapse: 'admin' }],
  ['service', 'ArrowLeft', { focus: 'admin' }],
  ['other', 'ArrowLeft', {}],
  ['admin', 'ArrowRight', { focus: 'operator' }],
  ['service', 'ArrowRight', {}],
  [undefined, 'ArrowDown', { focus: 'admin' }],
  ['owner', 'Tab', undefined],
])('from %s, %s: %o', (from, key, move) => {
  expect(treeMove(rows(), from, key)).toEqual(move)
})

it('opens a closed line with the right arrow, and all siblings with an asterisk', () => {
  expect(treeMove(rows('admin'), 'admin', 'ArrowRight')).toEqual({ expand: ['admin'] })
  expect(treeMove(rows('owner'), 'other', '*')).toEqual({ expand: ['owner'] })
})

it('finds lines by their first letters, going round', () => {
  expect(typeAhead(rows(), 'owner', 'o')).toBe('operator')
  expect(typeAhead(rows(), 'operator', 'o')).toBe('other')
  expect(typeAhead(rows(), 'other', 'o')).toBe('owner')
  expect(typeAhead(rows(), 'owner', 'ou')).toBe('other')
  expect(typeAhead(rows(), 'owner', 'x')).toBeUndefined()
  expect(typeAhead(rows('owner'), 'owner', 's')).toBeUndefined()
})
