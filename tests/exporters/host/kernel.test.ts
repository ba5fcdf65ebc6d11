import { expect, test } from 'vitest'
import { parseConntrackStat } from '../../../src/exporters/host/collectors/conntrack.ts'
import { parseInterrupts } from '../../../src/exporters/host/collectors/interrupts.ts'
import { majorMinor, parseOsRelease } from '../../../src/exporters/host/collectors/os.ts'
import { parsePressure } from '../../../src/exporters/host/collectors/pressure.ts'
import { parseProcessStat } from '../../../src/exporters/host/collectors/processes.ts'
import { parseSchedstat } from '../../../src/exporters/host/collectors/schedstat.ts'
import { parseSelinuxConfig } from '../../../src/exporters/host/collectors/selinux.ts'
import { parseSoftnet } from '../../../src/exporters/host/collectors/softnet.ts'
import { countTcp } from '../../../src/exporters/host/collectors/tcpstat.ts'
import { parseUdpQueues } from '../../../src/exporters/host/collectors/udp-queues.ts'

test('pressure: microseconds of waiting and stalling become seconds', () => {
  const text =
    'some avg10=1.10 avg60=0.80 avg300=0.41 total=912345678\nfull avg10=0.90 avg60=0.70 avg300=0.33 total=5\n'
  expect(parsePressure(text)).toEqual({ waiting: 912.345678, stalled: 0.000005 })
  expect(parsePressure('full avg10=0.00 avg60=0.00 avg300=0.00 total=55123456\n')).toEqual({ stalled: 55.123456 })
  expect(parsePressure('')).toEqual({})
})

test('conntrack: hex columns are found by name and summed over CPUs; a column that is missing stays missing', () => {
  const text =
    'entries  clashres found insert_failed drop\n00000138  00000003 000000a1 00000001 00000002\n00000138  00000000 0000000f 00000010 00000001\n'
  expect(parseConntrackStat(text)).toEqual({ found: 176, insert_failed: 17, drop: 3 })
})

test('softnet: rows name their CPU on new kernels, and are counted on old ones', () => {
  const old = '0000000a 00000001 00000002 0 0 0 0 0 00000003\n0000000b 00000000 00000000 0 0 0 0 0 00000000\n'
  expect(
    parseSoftnet(old).map(({ cpu, processed, collisions, backlog }) => [cpu, processed, collisions, backlog]),
  ).toEqual([
    ['0', 10, 3, undefined],
    ['1', 11, 0, undefined],
  ])
  const recent = '000aef51 0 00000021 0 0 0 0 0 0 00000004 00000005 00000007 00000002 0 0\n'
  expect(parseSoftnet(recent)).toEqual([
    {
      cpu: '2',
      processed: 0xaef51,
      dropped: 0,
      squeezed: 33,
      collisions: 0,
      receivedRps: 4,
      flowLimits: 5,
      backlog: 7,
    },
  ])
})

test('schedstat: run and wait times of each CPU, from nanoseconds', () => {
  const text = 'version 17\ntimestamp 1\ncpu10 0 0 0 0 0 0 2500000000 1500000000 77\ndomain0 3 1 2\n'
  expect(parseSchedstat(text)).toEqual([{ cpu: '10', running: 2.5, waiting: 1.5, timeslices: 77 }])
})

test('UDP queues are hex and summed over sockets', () => {
  const head = '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n'
  const rows =
    '  351: 0100007F:0035 00000000:0000 07 00000010:00000300 00:00000000 00000000\n' +
    '12345: 00000000:14E9 00000000:0000 07 00000200:000000FF 00:00000000 00000000\n'
  expect(parseUdpQueues(head + rows)).toEqual({ tx: 0x210, rx: 0x3ff })
  expect(parseUdpQueues(head)).toEqual({ tx: 0, rx: 0 })
})

test('TCP sockets are counted by state, with their queues', () => {
  const counts = new Map<string, number>()
  const text =
    '  sl  local_address rem_address   st tx_queue rx_queue tr\n' +
    '   0: 0100007F:1538 00000000:0000 0A 00000000:00000002 00:00000000\n' +
    '   1: 0100007F:1538 0100007F:9C40 01 00000A00:00000000 01:00000014\n' +
    '   2: 0100007F:9C40 0100007F:1538 06 00000000:00000000 03:00000014\n'
  countTcp(text, counts)
  countTcp('   0: 0:0 0:0 01 00000001:00000001 0\n', counts)
  expect(Object.fromEntries(counts)).toEqual({
    listen: 1,
    established: 2,
    time_wait: 1,
    rx_queued_bytes: 3,
    tx_queued_bytes: 0xa01,
  })
})

test('interrupts: numbers carry devices, names carry their meaning, totals without CPUs are left out', () => {
  const text =
    '           CPU0       CPU1\n' +
    '  8:          1          2   IO-APIC   8-edge      rtc0\n' +
    '141:        100          0  IR-PCI-MSIX-0000:3d:00.0    1-edge      nvme0q1\n' +
    'NMI:          3          4   Non-maskable interrupts\n' +
    'ERR:          0\n'
  expect(parseInterrupts(text)).toEqual([
    { type: '8', info: 'IO-APIC', devices: '8-edge rtc0', counts: [1, 2] },
    { type: '141', info: 'IR-PCI-MSIX-0000:3d:00.0', devices: '1-edge nvme0q1', counts: [100, 0] },
    { type: 'NMI', info: 'Non-maskable interrupts', devices: '', counts: [3, 4] },
  ])
})

const fields = (state: string, threads: number): string =>
  `${state} 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 ${threads} 0 42 0`

test('a process is read right whatever it calls itself', () => {
  expect(parseProcessStat(`17 (sh) ${fields('S', 1)}`)).toEqual({ state: 'S', threads: 1 })
  expect(parseProcessStat(`18 (a) R 9 (b)) ${fields('D', 12)}`)).toEqual({ state: 'D', threads: 12 })
})

test('os-release: quotes, escapes, comments; the version only where there is one', () => {
  const text = `# comment\nNAME="Weird \\"OS\\""\nID=weird\nID_LIKE='a b'\nVERSION_ID="24.04.1"\nPRETTY_NAME="Weird 24 \\$x"\nHOME_URL="x"\n`
  expect(parseOsRelease(text)).toMatchObject({
    name: 'Weird "OS"',
    id: 'weird',
    id_like: 'a b',
    version_id: '24.04.1',
    pretty_name: 'Weird 24 $x',
    variant: '',
  })
  expect([majorMinor('24.04.1'), majorMinor('12'), majorMinor(''), majorMinor('rolling')]).toEqual([
    24.04,
    12,
    undefined,
    undefined,
  ])
})

test('SELinux: the configured mode, and nothing for what is not a mode', () => {
  expect(parseSelinuxConfig('# SELINUX=disabled\nSELINUX=Permissive\nSELINUXTYPE=targeted\n')).toBe(0)
  expect(parseSelinuxConfig('SELINUX=constructor\n')).toBeUndefined()
  expect(parseSelinuxConfig('')).toBeUndefined()
})
