import { expect, test } from 'vitest'
import { createTimex, parseTimex } from '../../../src/exporters/host/collectors/timex.ts'
import { UnavailableError } from '../../../src/errors.ts'
import { everything } from '../../../src/exporters/runner.ts'
import { scrape } from '../../support/exposition.ts'

/** struct timex of x86-64, filled like a machine whose chrony is at work. */
function timexBytes(status: number): Buffer {
  const bytes = Buffer.alloc(208)
  const longs: readonly (readonly [number, bigint])[] = [
    [8, -250_000n], // offset
    [16, -1_310_720n], // frequency: -20 ppm
    [24, 16_000n], // maximum error, us
    [32, 500n],
    [48, 7n],
    [88, 10_000n], // tick, us
    [96, 65_536n],
    [104, 3_000n],
    [120, 131_072n],
    [128, 1n],
    [136, 2n],
    [144, 3n],
    [152, 4n],
  ]
  for (const [at, value] of longs) bytes.writeBigInt64LE(value, at)
  bytes.writeInt32LE(status, 40)
  bytes.writeInt32LE(5, 112)
  bytes.writeInt32LE(37, 160)
  return bytes
}

test('every field has its place and its unit', () => {
  expect(parseTimex(timexBytes(0x2001), 0)).toEqual({
    syncStatus: 1,
    offset: -0.00025,
    frequency: 1 - 20e-6,
    maxError: 0.016,
    estimatedError: 0.0005,
    status: 0x2001,
    loopConstant: 7,
    tick: 0.01,
    ppsFrequency: 1e-6,
    ppsJitter: 0.000003,
    ppsShift: 5,
    ppsStability: 2e-6,
    ppsJitterCount: 1,
    ppsCalibrations: 2,
    ppsErrors: 3,
    ppsStabilityExceeded: 4,
    taiOffset: 37,
  })
})

test('without STA_NANO offset and jitter are microseconds; state 5 is unsynchronised', () => {
  const { offset, ppsJitter, maxError, syncStatus } = parseTimex(timexBytes(0x40), 5)
  expect({ offset, ppsJitter, maxError, syncStatus }).toEqual({
    offset: -0.25,
    ppsJitter: 0.003,
    maxError: 0.016,
    syncStatus: 0,
  })
})

test('the collector asks once a scrape and publishes 17 families', async () => {
  let calls = 0
  const collector = createTimex(async () => (bytes) => {
    calls++
    timexBytes(0x2001).copy(bytes)
    return 0
  })
  const exporter = { prefix: 'node', collectors: [collector] }
  await scrape(exporter)
  const families = await scrape(exporter)
  expect(calls).toBe(2)
  expect([...families.keys()].filter((name) => name.startsWith('node_timex_'))).toHaveLength(17)
  expect(families.get('node_timex_pps_error_total')?.type).toBe('counter')
})

test('where the system call is refused or cannot be made, nothing is published and the reason is told', async () => {
  await expect(createTimex(async () => () => -1).read(AbortSignal.timeout(3000))).rejects.toThrow(UnavailableError)
  const collector = createTimex(() => Promise.reject(new UnavailableError('no koffi here')))
  const families = await scrape({ prefix: 'node', collectors: [collector] }, everything)
  expect([...families.keys()].filter((name) => name.startsWith('node_timex_'))).toEqual([])
  expect(families.get('node_scrape_collector_success')?.samples.get('{collector="timex"}')).toBe(0)
})

test.runIf(process.platform === 'linux')('the kernel of this machine answers', async () => {
  const reading = await createTimex().read(AbortSignal.timeout(3000))
  expect(reading.tick).toBeGreaterThan(0.009)
  expect(reading.tick).toBeLessThan(0.011)
  expect(Math.abs(reading.frequency - 1)).toBeLessThan(0.001)
  expect([0, 1]).toContain(reading.syncStatus)
})
