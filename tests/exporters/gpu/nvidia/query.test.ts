import { describe, expect, it } from 'vitest'
import { createQuery } from '../../../../src/exporters/gpu/nvidia/query.ts'
import type { Run } from '../../../../src/exporters/gpu/nvidia/run.ts'
import type { Outcome } from '../../../../src/exporters/gpu/state.ts'
import { simulatedRun } from '../simulated.ts'

const noModel = (): Promise<string> => Promise.resolve('')
const poll = (run: Run): ReturnType<typeof createQuery> => createQuery(run, noModel, [], 1000)
const signal = new AbortController().signal
const kinds = (calls: readonly string[]): string[] => calls.map((call) => call.split(/[= ]/)[0] ?? '')
const reason = (outcome: Outcome<unknown>): string => ('fault' in outcome ? outcome.fault.reason : 'none')

const saying =
  (stdout: string, exitCode: number, stderr = ''): Run =>
  () =>
    Promise.resolve({ stdout, stderr, exitCode })

describe('the questions put to nvidia-smi', () => {
  it('are one for the cards and one for the processes', async () => {
    const calls: string[] = []
    await poll(simulatedRun(() => 'load', calls))(signal)
    expect(kinds(calls)).toEqual(['--query-gpu', '--query-compute-apps'])
  })

  it('include XML and the list only while MIG is on', async () => {
    const calls: string[] = []
    const ask = poll(simulatedRun(() => 'mig', calls))
    await ask(signal)
    expect(kinds(calls)).toEqual(['--query-gpu', '--query-compute-apps', '-q', '-L'])
  })

  it('leave out, from the second poll on, what an old driver refuses, and use its spellings', async () => {
    const calls: string[] = []
    const ask = poll(simulatedRun(() => 'na', calls))
    const first = await ask(signal)
    expect(kinds(calls)).toEqual(['--query-gpu', '--help-query-gpu', '--query-gpu', '--query-compute-apps'])
    expect('reading' in first && first.reading.cards[0]?.throttle['sw_power_cap']).toBe(1)
    calls.length = 0
    await ask(signal)
    expect(kinds(calls)).toEqual(['--query-gpu', '--query-compute-apps'])
    expect(calls[0]).toContain('clocks_throttle_reasons.active')
    expect(calls[0]).not.toContain('memory.reserved')
  })

  it('drop refused fields one by one when the help text is of no use', async () => {
    const refused = new Set(['memory.reserved', 'gpu_recovery_action'])
    const real = simulatedRun(() => 'idle')
    const run: Run = async (args, abort) => {
      if (args[0] === '--help-query-gpu') return { stdout: 'no help today\n', stderr: '', exitCode: 0 }
      const field = args[0]?.split(/[=,]/).find((word) => refused.has(word))
      if (field === undefined) return real(args, abort)
      return { stdout: '', stderr: `Field "${field}" is not a valid field to query.\n`, exitCode: 2 }
    }
    const outcome = await poll(run)(signal)
    expect('reading' in outcome && outcome.reading.cards[0]?.values.temperature).toBe(43)
  })
})

it('tells several cards apart, one of them lost', async () => {
  const cards = [
    'index, uuid, pci.bus_id, name, temperature.gpu, utilization.gpu [%]',
    '0, GPU-a, 00000000:17:00.0, NVIDIA L40S, 61, 250 %',
    '1, GPU-b, 00000001:CA:00.0, NVIDIA L40S, [GPU is lost], [GPU is lost]',
    '',
  ].join('\n')
  const apps = 'gpu_uuid, pid, used_gpu_memory [MiB], process_name\nGPU-b, 12, 1 MiB, python3\nGPU-x, 13, 1 MiB, gone\n'
  const run: Run = (args, abort) => saying(args[0]?.startsWith('--query-gpu') ? cards : apps, 0)(args, abort)
  const outcome = await poll(run)(signal)
  expect('reading' in outcome && outcome.reading).toMatchObject({
    cards: [
      // More than all of the time is nonsense.
      { gpu: '0', busId: '0000:17:00.0', values: { temperature: 61, utilization: undefined } },
      { gpu: '1', busId: '0001:ca:00.0', values: { temperature: undefined } },
    ],
    processes: [
      { gpu: '1', uuid: 'GPU-b', pid: '12', name: 'python3', model: '' },
      { gpu: '', uuid: 'GPU-x', pid: '13', name: 'gone', model: '' },
    ],
  })
})

describe('an answer that is none', () => {
  it.each([
    ['no_devices', saying('No devices were found\n', 0)],
    ['no_devices', saying('', 6)],
    ['no_devices', saying('index, uuid\n', 0)],
    [
      'driver_unreachable',
      saying("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", 9),
    ],
    ['library_mismatch', saying('Failed to initialize NVML: Driver/library version mismatch\n', 18)],
    ['permission_denied', saying('Failed to initialize NVML: Insufficient Permissions\n', 4)],
    ['gpu_lost', saying('Unable to determine the device handle for GPU0000:01:00.0: Unknown Error\n', 255)],
    ['gpu_lost', saying('', 15)],
    ['exit_code', saying('', 77, 'Segmentation fault')],
    ['unreadable_output', saying('index, uuid\n0, GPU-a\n0, GPU-b\n', 0)],
    ['unreadable_output', saying('index, uuid\n0, GPU-a\n1, GPU-a\n', 0)],
    ['unreadable_output', saying('Tue Nov 21\n+----+\n', 0)],
  ])('has the reason %s', async (expected, run) => {
    expect(reason(await poll(run)(signal))).toBe(expected)
  })

  it('a corrupted infoROM (exit code 14) is only a warning', async () => {
    const run = saying('index, uuid\n0, GPU-a\nWARNING: infoROM is corrupted at gpu 0000:01:00.0\n', 14)
    expect(await poll(run)(signal)).toMatchObject({ exitCode: 14, reading: { cards: [{ uuid: 'GPU-a' }] } })
  })

  it('for the processes alone leaves the cards known', async () => {
    const real = simulatedRun(() => 'load')
    const run: Run = (args, abort) =>
      args[0]?.startsWith('--query-compute') ? saying('Not Supported\n', 3)(args, abort) : real(args, abort)
    const outcome = await poll(run)(signal)
    expect(outcome).toMatchObject({ reading: { processes: undefined, cards: [{ gpu: '0' }] } })
  })
})
