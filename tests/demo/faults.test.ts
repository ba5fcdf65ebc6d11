import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'
import type { Fault } from '../../src/demo/faults/fault.ts'
import { describeFault, faultNames, faults } from '../../src/demo/faults/index.ts'
import { parseNames, parseTime } from '../../src/demo/control/lines.ts'
import { panelsOf } from '../boards/panels.ts'

const alerts = new Set(ruleGroups.flatMap((group) => group.alerts.map(({ alert }) => alert)))
const panels = new Set(
  boards.flatMap((board) => panelsOf(renderBoard(board)).map(({ title }) => `${board.name}: ${title}`)),
)

describe('every fault', () => {
  it.each(faultNames)('%s names alerts and panels that there are', (name) => {
    const fault: Fault = faults[name]
    expect(fault.alerts.filter((alert) => !alerts.has(alert))).toEqual([])
    expect(fault.panels.filter((panel) => !panels.has(panel))).toEqual([])
  })

  it.each(faultNames)('%s stands in the user guide', (name) => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/user-guide.md'), 'utf8')).toContain(`\`${name}\``)
  })

  it.each(faultNames)('%s says in a line what it does and in another who tells of it', (name) => {
    const { alerts: told }: Fault = faults[name]
    const [what = '', where = '', ...more] = describeFault(name).split('\n')
    expect(what).toContain(faults[name].about)
    expect(where).toContain(told[0] ?? '-> ')
    expect([what.length < 120, more]).toEqual([true, []])
  })
})

describe('what is asked for', () => {
  it('is a list of names, and a time', () => {
    expect(parseNames('gpu-hot,pg-blocked')).toEqual(['gpu-hot', 'pg-blocked'])
    expect(parseTime('90s')).toBe(90_000)
  })

  it('is refused with what there is', () => {
    expect(() => parseNames('gpu-hot,gpu-cold')).toThrow(/no fault "gpu-cold"; there are gpu-hot/)
    expect(() => parseNames('toString')).toThrow(/no fault/)
    expect(() => parseTime('soon')).toThrow(/not a time/)
  })
})
