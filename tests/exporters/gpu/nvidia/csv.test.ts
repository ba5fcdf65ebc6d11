import { expect, it } from 'vitest'
import { cellsOf, parseTable } from '../../../../src/exporters/gpu/nvidia/csv.ts'
import { parseApps } from '../../../../src/exporters/gpu/nvidia/processes.ts'

const header = 'index, uuid, clocks.current.sm [MHz], clocks_throttle_reasons.active'

it('reads cells by column, whatever the spaces and the age of the spelling', () => {
  const table = parseTable(`${header}\n0 ,GPU-a,  210 MHz , 0x0000000000000001 \r\n`, ['index', 'uuid'])
  const cell = cellsOf(table, table.rows[0] ?? [])
  expect(cell('clocks.current.sm')).toBe('210 MHz')
  expect(cell('clocks_event_reasons.active')).toBe('0x0000000000000001')
  expect(cell('fan.speed')).toBeUndefined()
  expect(table.columns[2]).toEqual({ name: 'clocks.current.sm', unit: 'MHz', header: 'clocks.current.sm [MHz]' })
})

it('does not mistake a warning for a row', () => {
  const text = `${header}\n0, GPU-a, 210 MHz, 0x1\nWARNING: infoROM is corrupted at gpu 0000:01:00.0\n`
  expect(parseTable(text, ['uuid']).rows).toHaveLength(1)
})

it.each([
  ['a row that is too short', `${header}\n0, GPU-a, 210\n`],
  ['a text cut off in the last cell', `${header}\n0, GPU-a, 210 MHz, 0x000`],
  ['a missing column', 'index, clocks.current.sm [MHz]\n0, 210 MHz\n'],
  ['nothing', ''],
])('refuses %s', (_, text) => expect(() => parseTable(text, ['index', 'uuid'])).toThrow(/unreadable/))

it('reads processes with commas in their names, sums the parts of one, and skips rows without a process', () => {
  const text = [
    'gpu_uuid, pid, used_gpu_memory [MiB], process_name',
    'GPU-a, 10309, 28234 MiB, ./gpu_burn',
    'GPU-a, 2210, 93 MiB, /opt/viewer --title a, b',
    'GPU-a, 77, [N/A], [Not Found]',
    'GPU-b, 10309, 1 MiB, ./gpu_burn',
    'GPU-a, 10309, 2 MiB, ./gpu_burn',
    'GPU-a, [N/A], [N/A], [N/A]',
    '',
  ].join('\n')
  expect(parseApps(text)).toEqual([
    { uuid: 'GPU-a', pid: '10309', name: './gpu_burn', memory: 28236 * 1048576 },
    { uuid: 'GPU-a', pid: '2210', name: '/opt/viewer --title a, b', memory: 93 * 1048576 },
    { uuid: 'GPU-a', pid: '77', name: '', memory: undefined },
    { uuid: 'GPU-b', pid: '10309', name: './gpu_burn', memory: 1048576 },
  ])
})
