import { expect, test } from 'vitest'
import { figures, scenarioNames, thresholds } from '../../load/lib/figures.ts'
import { profileOf, spread } from '../../load/lib/profiles.ts'

const conditions = scenarioNames.flatMap((name) =>
  Object.entries(thresholds[name]).flatMap(([metric, each]) => each.map((condition) => [name, metric, condition])),
)

test.each(conditions)('%s: %s %s is a condition of k6', (_name, _metric, condition) => {
  expect(condition).toMatch(/^(?:p\(\d+\)|max|count|rate|value)(?:<|<=|>|==)\d+(?:\.\d+)?$/)
})

test('what is promised is asked of the scenario that is about it', () => {
  expect(figures.urgent).toEqual({ half: 8.5, p99: 50 })
  expect(thresholds['fan-out']['delivery{class:alert}']).toEqual(['p(50)<=8.5', 'p(99)<=50'])
  expect(thresholds['fan-out']['delivery{class:state}']).toEqual(['p(99)<=120'])
  expect(thresholds['reconnect-storm']).toMatchObject({ reconnect: ['max<=5000'], recovered: ['rate==1'] })
  expect(thresholds.rest['http_req_duration{kind:health}']).toEqual(['p(99)<=10'])
  for (const name of ['fan-out', 'reconnect-storm', 'soak'] as const)
    expect(thresholds[name]).toMatchObject({ gaps: ['count==0'], duplicates: ['count==0'] })
})

test.each(scenarioNames)('%s is smaller and shorter when quick, and has time for all it does', (name) => {
  const [full, quick] = [profileOf(name, false), profileOf(name, true)]
  expect(quick.seconds).toBeLessThan(full.seconds)
  expect(quick.sockets).toBeLessThanOrEqual(full.sockets)
  for (const { seconds, ramp, cuts } of [full, quick]) {
    expect(ramp).toBeLessThan(seconds / 2)
    for (const cut of cuts) {
      expect(cut).toBeGreaterThan(ramp)
      expect(cut).toBeLessThanOrEqual(seconds - figures.back / 1000)
    }
  }
})

test('another duration is taken where nothing is cut at its time', () => {
  expect(profileOf('soak', false, 33).seconds).toBe(33)
  expect(profileOf('reconnect-storm', false, 33)).toEqual(profileOf('reconnect-storm', false))
})

test.each([0, 1, 49, 50, 51, 100, 999, 1000])('%i sockets are spread over users of at most fifty', (sockets) => {
  const { vus, each } = spread(sockets)
  expect(each).toBeLessThanOrEqual(50)
  expect(vus * each).toBeGreaterThanOrEqual(sockets)
  expect((vus - 1) * each).toBeLessThanOrEqual(sockets)
})
