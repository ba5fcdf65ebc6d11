import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scenarioNames, thresholds } from '../../load/lib/figures.ts'
import { enter } from '../boards/people.ts'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { addressesOf, alone } from '../support/browser.ts'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'
import { k6For, measured, missed, runLoad } from './runs.ts'

// Every scenario in small, run by a real k6 against a real Aura.

const k6 = k6For('load scenarios')
removeScratchAfterEach()

const script = (name: string): string => join(import.meta.dirname, '../../load/scenarios', `${name}.ts`)

describe.skipIf(k6 === undefined)('with k6', () => {
  let aura: AuraProcess
  let target: string[]
  beforeAll(async () => {
    aura = runAura(['start'], alone)
    const { console, metrics } = await addressesOf(aura)
    target = ['--url', console, '--metrics-url', metrics, '--acts']
  })
  afterAll(() => aura?.[Symbol.asyncDispose]())

  test.each(scenarioNames)('k6 reads %s, with its conditions', (name) => {
    const args = ['inspect', '--env', 'AURA_LOAD_ACTS=yes', script(name)]
    const inspected = JSON.parse(execFileSync(k6 ?? '', args, { encoding: 'utf8' })) as Record<string, object>
    expect(Object.keys(inspected['thresholds'] ?? {}).toSorted()).toEqual(Object.keys(thresholds[name]).toSorted())
  })

  test('fan-out reaches every reader with alerts, events and readings, once', async () => {
    const { metrics, output } = await measured(['fan-out', '--quick', ...target])
    expect(missed(metrics)).toEqual([])
    expect(metrics['ws_sessions']?.values['count']).toBe(100)
    for (const kind of ['alert', 'event', 'state'])
      expect(metrics[`delivery{class:${kind}}`]?.values['count'], kind).toBeGreaterThan(100)
    for (const kind of ['alert', 'event'])
      expect(metrics[`inside_half{class:${kind}}`]?.values['value'], kind).toBeGreaterThan(0)
    expect(output).toMatch(/fan-out, [\d.]+ s\n\n {2}met {5}checks rate>0\.999: 1\n/)
  })

  test('rest and exporters get whole answers', async () => {
    for (const name of ['rest', 'exporters']) {
      const { metrics } = await measured([name, '--quick', ...target])
      expect(missed(metrics)).toEqual([])
      expect(metrics['http_reqs']?.values['count']).toBeGreaterThan(50)
    }
  })

  test('after a cut everybody is back, and nothing is lost', async () => {
    const { metrics } = await measured(['reconnect-storm', '--quick', ...target])
    expect(missed(metrics)).toEqual([])
    expect(metrics['reconnect']?.values['count']).toBe(100)
    expect(metrics['ws_sessions']?.values['count']).toBe(200)
  })

  test('a soak leaves no connection in the books', async () => {
    const { metrics } = await measured(['soak', '--quick', ...target])
    expect(missed(metrics)).toEqual([])
    expect(metrics['leftover']?.values['value']).toBe(0)
    expect(metrics['memory']?.values['value']).toBeGreaterThan(1e7)
  })
})

describe.skipIf(k6 === undefined)('by itself', () => {
  test('an Aura of its own is started and stopped', async () => {
    const { metrics } = await measured(['rest', '--quick', '--duration', '5'])
    expect(missed(metrics)).toEqual([])
  })

  test('an Aura that does not answer is no pass', async () => {
    const { code, output } = await runLoad(['rest', '--quick', '--duration', '5', '--url', 'http://127.0.0.1:9'])
    expect(code).toBe(99)
    expect(output).toContain('MISSED  checks rate>0.999: 0')
  })

  test('with accounts, a token opens as many connections as its account may have', async () => {
    await using aura = runAura(['start'], { ...alone, AURA_AUTH_MODE: 'accounts' })
    const { console, metrics: at } = await addressesOf(aura)
    const [link] = await aura.until(/http:\S+\/setup#token=\S+/)
    const owner = await enter(link, 'owner')
    const { secret } = await owner.post<{ secret: string }>('/api/account/tokens', { name: 'load' })
    const file = join(scratch(), 'tokens')
    writeFileSync(file, `${secret}\n`)
    const args = ['fan-out', '--quick', '--url', console, '--metrics-url', at, '--token-file', file, '--acts']
    const { metrics } = await measured(args)
    expect(missed(metrics)).toEqual([])
    expect(metrics['ws_sessions']?.values['count']).toBe(5)
    expect(metrics['delivery{class:alert}']?.values['count']).toBeGreaterThan(0)
  })
})
