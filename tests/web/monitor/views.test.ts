import { array, assert, constant, integer, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertsLine, distinguishing, keyOf, ordered, toneOf } from '../../../web/src/features/monitor/alerts-view.ts'
import {
  blockingRows,
  connectionStates,
  deadShare,
  meanSeconds,
  replicationLine,
  stateLine,
  totalBytes,
} from '../../../web/src/features/monitor/database-view.ts'
import {
  cpuGraph,
  detailGraphs,
  gpuGraphs,
  loadGraph,
  memoryGraph,
} from '../../../web/src/features/monitor/graph-specs.ts'
import { rangeOf } from '../../../web/src/features/monitor/ranges.ts'
import { sparkOf } from '../../../web/src/features/monitor/sparks.ts'
import { alerts, database, databaseDown, gpu, noon, system, withGpu } from './readings.ts'

const plain = (words: string): string => words.replaceAll('\u{a0}', ' ')

describe('alerts', () => {
  it('stand firing first, then by severity, then the oldest', () => {
    expect(ordered(alerts.alerts).map(({ name }) => name)).toEqual([
      'GpuHot',
      'BlockedTransactions',
      'FilesystemFilling',
    ])
  })

  it('are told apart by what is theirs alone', () => {
    expect(alerts.alerts.map(distinguishing)).toEqual(['mountpoint /data', '', 'uuid GPU-1'])
    expect(new Set(alerts.alerts.map(keyOf)).size).toBe(3)
  })

  it('have a tone: an unknown severity is a warning, a pending one is not loud', () => {
    expect(toneOf({ severity: 'sev2', state: 'firing' })).toBe('warning')
    expect(toneOf({ severity: 'critical', state: 'firing' })).toBe('critical')
    expect(toneOf({ severity: 'critical', state: 'pending' })).toBe('neutral')
  })

  it('are summed up, with the reason where there is nobody to ask', () => {
    expect(alertsLine(alerts)).toBe('2 firing, 1 pending.')
    expect(alertsLine({ source: 'x', alerts: [] })).toBe('No alert is firing.')
    expect(alertsLine({ reason: 'none is installed', alerts: [] })).toContain('none is installed')
    expect(alertsLine({ ...alerts, reason: 'timeout' })).toContain('as last known')
  })
})

describe('database', () => {
  it('says since when it is up, or down and why', () => {
    expect(stateLine(database, noon)).toMatchObject({ tone: 'ok', word: 'up' })
    expect(plain(stateLine(database, noon).text)).toContain('1 h ago')
    expect(stateLine(databaseDown, noon)).toMatchObject({ tone: 'critical', word: 'down' })
    expect(stateLine(databaseDown, noon).text).toContain('connection refused')
  })

  it('lists the states of connections that occur', () => {
    expect(connectionStates(database)).toEqual([
      ['idle', 9],
      ['active', 6],
      ['idle in transaction', 2],
    ])
  })

  it('finds who is behind a chain of waits', () => {
    expect(blockingRows(database.locks.chains).map(({ blocked, root, depth }) => [blocked, root, depth])).toEqual([
      [101, 100, 1],
      [102, 100, 2],
    ])
  })

  it('ends on every graph of waits, circles included', () => {
    const pid = integer({ min: 1, max: 8 })
    const chain = record({ blocked: pid, blocking: pid, database: constant('d') })
    assert(
      property(array(chain), (chains) => {
        const rows = blockingRows(chains)
        expect(rows).toHaveLength(chains.length)
        expect(rows.every(({ depth }) => depth >= 1 && depth <= 8)).toBe(true)
      }),
    )
  })

  it('counts only what is known', () => {
    expect(totalBytes([{ bytes: 1 }, {}, { bytes: 2 }])).toBe(3)
    expect(totalBytes([{}])).toBeUndefined()
    expect(meanSeconds({ seconds: 50, calls: 200 })).toBe(0.25)
    expect(meanSeconds({ seconds: 0, calls: 0 })).toBeUndefined()
    expect(deadShare({ live: 900, dead: 100 })).toBe(0.1)
    expect(deadShare({ live: 0, dead: 0 })).toBeUndefined()
  })

  it('tells of replication in one line', () => {
    expect(replicationLine(database)).toBe('a primary · 1 replica attached · 2 slots, 1 of them idle')
    const replica = { isReplica: true, lagSeconds: 3, replicas: 0, slots: 0, inactiveSlots: 0 }
    expect(plain(replicationLine({ ...database, replication: replica }))).toBe(
      'a replica · 3 s behind · no replica attached',
    )
  })
})

describe('graphs', () => {
  it('draw the configured thresholds in the unit of the graph', () => {
    expect(cpuGraph(system).thresholds?.map(({ value }) => value)).toEqual([0.9, 0.97])
    expect(memoryGraph(system).thresholds?.[0]?.value).toBe(0.9 * system.memory.total)
    expect(loadGraph(system).thresholds?.map(({ value }) => value)).toEqual([6, 12])
  })

  it('draw none where none are told', () => {
    const { thresholds: _, ...untold } = system
    expect(cpuGraph(untold).thresholds).toEqual([])
  })

  it('of a GPU are those that the card can tell', () => {
    expect(gpuGraphs(withGpu, gpu)).toHaveLength(4)
    expect(gpuGraphs(withGpu, { uuid: 'x', name: 'x', vendor: 'x', processes: [] })).toEqual([])
  })

  it('behind a tile exist for what is one line of the machine', () => {
    expect(detailGraphs('pressure', system)).toHaveLength(1)
    expect(detailGraphs('network', system)).toHaveLength(0)
  })

  it('in a tile follow the device that the tile speaks of', () => {
    expect(sparkOf('network', system)?.name).toBe('network.eth0.receive')
    expect(sparkOf('disks', system)?.name).toBe('disk.vdb.busy')
    expect(sparkOf('memory', system)).toBeUndefined()
  })

  it('reach back as the address says, or 15 minutes', () => {
    expect(['5', '15', '60', '360', '1440'].map(rangeOf)).toEqual([5, 15, 60, 360, 1440])
    expect([undefined, '7', '', ['5', '5']].map(rangeOf)).toEqual([15, 15, 15, 15])
  })
})

it('a heartbeat that always fires is no alert', () => {
  const { alerts: all, ...rest } = alerts
  const heartbeat = {
    name: 'Watchdog',
    state: 'firing',
    severity: 'none',
    since: noon,
    labels: {},
    summary: '',
  } as const
  expect(ordered([...all, heartbeat])).toEqual(ordered(all))
  expect(alertsLine({ ...rest, source: 'x', alerts: [heartbeat] })).toBe('No alert is firing.')
})
