import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { UnavailableError } from '../../../src/errors.ts'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { createRunner } from '../../../src/exporters/runner.ts'
import type { SystemMetrics } from '../../../src/features/system/contract.ts'
import { createReadings } from '../../../src/features/system/read.ts'
import { seriesOf } from '../../../src/features/system/series.ts'
import { createSystemState } from '../../../src/features/system/state.ts'
import type { Take } from '../../../src/features/feature.ts'
import { fixtures, hostConfigOf } from '../../support/host-config.ts'
import { quiet } from '../../support/logger.ts'
import { expectContract, features, nothing, standingClock, takeFrom } from '../support.ts'

/** The feature's state, reading after reading, with `ms` between them. */
function stateFrom(host: Take, gpu: Take = nothing) {
  const clock = standingClock()
  const readings = createReadings({ host, gpu, clock })
  const stateOf = createSystemState(features.system, 30_000)
  return async (ms = 5000): Promise<SystemMetrics> => {
    clock.pass(ms)
    return stateOf(await readings())
  }
}

const counter = fc.double({ min: 0, max: 1e12, noNaN: true })
const list = (length: number) =>
  fc.array(fc.option(counter, { nil: undefined }), { minLength: length, maxLength: length })
const seconds = fc.array(counter, { minLength: 4, maxLength: 10 })
const name = fc.constantFrom('a', 'b', 'c')

/** Any reading of the host exporter: counters that jump, devices that come and go, old kernels. */
const reading = fc.record(
  {
    cpu: fc
      .uniqueArray(fc.record({ cpu: fc.constantFrom('0', '1', '2'), seconds }), { selector: ({ cpu }) => cpu })
      .map((cpus) => ({ cpus, isolated: undefined, present: undefined, online: undefined })),
    meminfo: fc
      .record({ total: fc.nat(), available: fc.nat(), swap: fc.nat(), free: fc.nat() })
      .map(({ total, available, swap, free }) => {
        const values = { MemTotal: total, MemAvailable: available, SwapTotal: swap, SwapFree: free }
        return new Map(Object.entries(values).map(([key, value]) => [`${key}_bytes`, value]))
      }),
    pressure: fc.record({
      cpu: fc.record({ waiting: counter }),
      io: fc.record({ waiting: counter }),
      memory: fc.record({ waiting: counter }),
    }),
    diskstats: fc.uniqueArray(fc.record({ device: name, values: list(11) }), { selector: ({ device }) => device }),
    netdev: fc
      .dictionary(name, fc.dictionary(fc.constantFrom('receive_bytes', 'transmit_errs'), counter))
      .map(
        (devices) => new Map(Object.entries(devices).map(([device, each]) => [device, new Map(Object.entries(each))])),
      ),
    filesystem: fc.uniqueArray(
      fc.record({
        mountpoint: name,
        device: name,
        fstype: fc.constant('ext4'),
        readonly: fc.boolean(),
        space: fc.option(
          fc
            .tuple(fc.nat(), fc.nat(), fc.nat())
            .map((sizes) => sizes.toSorted((a, b) => b - a))
            .map(([size, free, available]) => ({ size, free, available })),
          { nil: undefined },
        ),
      }),
      { selector: ({ mountpoint }) => mountpoint },
    ),
  },
  { requiredKeys: [] },
)

const numbersOf = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbersOf)
      : []

function checkState(state: SystemMetrics): void {
  const { cpu, memory } = state
  expectContract('system', state)
  for (const number of numbersOf(state)) expect(number).toBeGreaterThanOrEqual(0)
  const shares = [cpu.busy, ...cpu.perCore, ...Object.values(cpu.modes), ...Object.values(state.pressure)]
  for (const one of [...shares, ...state.disks.map(({ busy }) => busy)]) {
    if (one !== undefined) expect(one).toBeLessThanOrEqual(1)
  }
  if (cpu.busy !== undefined) {
    expect(Object.values(cpu.modes).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6)
    expect(cpu.perCore).toHaveLength(cpu.cores)
    const { idle = 0, iowait = 0 } = cpu.modes
    expect(cpu.busy + idle + iowait).toBeCloseTo(1, 6)
  }
  expect(memory.used + memory.available).toBe(memory.total)
  expect(memory.swapUsed).toBeLessThanOrEqual(memory.swapTotal)
  for (const { size, used } of state.filesystems) {
    if (size !== undefined && used !== undefined) expect(used).toBeLessThanOrEqual(size)
  }
}

test('property 6, System metrics: for any readings no rate is negative, shares lie in 0..1, sums equal their parts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 5 }), async (sequence) => {
      let now: object = {}
      const state = stateFrom(takeFrom(() => now as Record<string, unknown>))
      for (const each of sequence) {
        now = each
        checkState(await state())
      }
    }),
    { numRuns: 200 },
  )
})

test('the recorded machine, read twice: all it tells, and what it does not have is absent', async () => {
  const exporter = createHostExporter(hostConfigOf(fixtures), { log: quiet })
  onTestFinished(() => exporter.stop?.())
  const runner = createRunner(exporter, quiet)
  const source: { take: Take } = runner
  const state = stateFrom(source.take)
  checkState(await state())
  const second = await state()
  checkState(second)
  const raw = await runner.take(['meminfo', 'loadavg', 'diskstats', 'uname'], 3000)
  expect(second.memory.total).toBe((raw.get('meminfo') as Map<string, number>).get('MemTotal_bytes'))
  expect(second.load).toEqual(raw.get('loadavg'))
  expect(second.disks.map(({ device }) => device)).toEqual(
    (raw.get('diskstats') as { device: string }[]).map(({ device }) => device),
  )
  expect(second.host.name).toBe((raw.get('uname') as { nodename: string }).nodename)
  // The recording stands still: no counter has moved.
  expect(second.cpu.busy).toBeUndefined()
  expect(second.network.every(({ receiveBytesPerSecond }) => receiveBytesPerSecond === 0)).toBe(true)
  expect(second.temperatures.length).toBeGreaterThan(0)
})

const cpuAt = (user: number, idle: number) => ({ cpus: [{ cpu: '0', seconds: [user, 0, 0, idle] }] })

test('a burn shows in the next reading, and as a warning only when it lasts', async () => {
  let now = cpuAt(0, 0)
  const state = stateFrom(takeFrom(() => ({ cpu: now })))
  const seen: unknown[] = []
  for (let i = 0; i < 5; i++) {
    const { cpu, levels } = await state(10_000)
    seen.push([cpu.busy, levels['cpu']])
    now = cpuAt((i + 1) * 9.8, (i + 1) * 0.2)
  }
  expect(seen).toEqual([
    [undefined, undefined],
    [expect.closeTo(0.98, 9), 'ok'],
    [expect.closeTo(0.98, 9), 'ok'],
    [expect.closeTo(0.98, 9), 'ok'],
    [expect.closeTo(0.98, 9), 'critical'],
  ])
})

test('a source that fails is named with its reason; one that this machine lacks is not', async () => {
  const failures = { meminfo: new Error('EIO'), hwmon: new UnavailableError('none'), filesystem: new Error('hung') }
  const { failing, memory } = await stateFrom(
    takeFrom(() => ({ ...failures, loadavg: { load1: 1, load5: 1, load15: 1 } })),
  )()
  expect(failing).toMatchObject({ meminfo: 'EIO', filesystem: 'hung', cpu: 'no reading' })
  expect(Object.keys(failing)).not.toContain('hwmon')
  expect(Object.keys(failing)).not.toContain('loadavg')
  expect(memory.total).toBe(0)
})

test('a processor that was taken away and brought back counts from its return', async () => {
  let now = cpuAt(1000, 1000)
  const state = stateFrom(takeFrom(() => ({ cpu: now })))
  await state()
  now = cpuAt(30, 10)
  expect((await state()).cpu.perCore).toEqual([0.75])
})

test('pressure is a share of the last 10 s, not of the last tick', async () => {
  let waiting = 0
  const state = stateFrom(
    takeFrom(() => ({ pressure: { cpu: { waiting }, io: { waiting: 0 }, memory: { waiting: 0 } } })),
  )
  for (let i = 0; i < 6; i++) await state(2000)
  waiting = 1
  expect((await state(2000)).pressure.cpu).toBeCloseTo(0.1)
})

test('the thresholds are told with the levels', async () => {
  const { thresholds } = await stateFrom(nothing)()
  expect(thresholds).toMatchObject({
    cpu: { warning: 0.9, critical: 0.97 },
    gpuTemperature: { warning: 85, critical: 95 },
  })
})

test('the history has a value for what is known, under the names of the contract', async () => {
  let received = 0
  const state = stateFrom(
    takeFrom(() => ({
      netdev: new Map([['eth0.7', new Map([['receive_bytes', received]])]]),
      meminfo: new Map([
        ['MemTotal_bytes', 100],
        ['MemAvailable_bytes', 40],
      ]),
    })),
  )
  await state()
  received = 1000
  const sample = seriesOf(await state(2000))
  expect(sample).toMatchObject({ 'network.eth0.7.receive': 500, 'memory.used': 60 })
  expect(sample['cpu.busy']).toBeUndefined()
  expect(sample['load.load1']).toBeUndefined()
})
