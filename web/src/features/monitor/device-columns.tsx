import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Bar } from '../../ui/bar.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { bitsPerSecond, bytes, bytesPerSecond, celsius, count, duration, percent } from '../../ui/format.ts'
import { usedShare } from './pick.ts'

type Disk = SystemMetrics['disks'][number]
type Filesystem = SystemMetrics['filesystems'][number]
type Network = SystemMetrics['network'][number]
type Temperature = SystemMetrics['temperatures'][number]

export const diskColumns: readonly Column<Disk>[] = [
  { id: 'device', header: 'Device', cell: (row) => row.device, sort: (row) => row.device },
  { id: 'busy', header: 'Busy', cell: (row) => percent(row.busy), sort: (row) => row.busy, numeric: true },
  {
    id: 'read',
    header: 'Read',
    cell: (row) => bytesPerSecond(row.readBytesPerSecond),
    sort: (row) => row.readBytesPerSecond,
    numeric: true,
  },
  {
    id: 'write',
    header: 'Written',
    cell: (row) => bytesPerSecond(row.writeBytesPerSecond),
    sort: (row) => row.writeBytesPerSecond,
    numeric: true,
  },
  {
    id: 'reads',
    header: 'Reads per s',
    cell: (row) => count(row.readsPerSecond),
    sort: (row) => row.readsPerSecond,
    numeric: true,
    minor: true,
  },
  {
    id: 'writes',
    header: 'Writes per s',
    cell: (row) => count(row.writesPerSecond),
    sort: (row) => row.writesPerSecond,
    numeric: true,
    minor: true,
  },
]

function Used(props: { readonly row: Filesystem }) {
  const share = () => usedShare(props.row)
  return (
    <span class="monitor-used">
      <Bar
        label={`${props.row.mountpoint} in use`}
        value={share()}
        text={`${percent(share())} of ${bytes(props.row.size)}`}
        level={props.row.level}
      />
      {share() === undefined ? 'no answer' : percent(share())}
    </span>
  )
}

export const filesystemColumns: readonly Column<Filesystem>[] = [
  { id: 'mountpoint', header: 'Mounted at', cell: (row) => row.mountpoint, sort: (row) => row.mountpoint },
  { id: 'used', header: 'In use', cell: (row) => <Used row={row} />, sort: usedShare },
  { id: 'available', header: 'Free', cell: (row) => bytes(row.available), sort: (row) => row.available, numeric: true },
  { id: 'size', header: 'Size', cell: (row) => bytes(row.size), sort: (row) => row.size, numeric: true, minor: true },
  {
    id: 'full',
    header: 'Full in',
    cell: (row) => duration(row.secondsToFull),
    sort: (row) => row.secondsToFull,
    numeric: true,
  },
  {
    id: 'level',
    header: 'State',
    cell: (row) => <Badge tone={row.level}>{row.readonly ? `${row.level}, read-only` : row.level}</Badge>,
  },
  {
    id: 'device',
    header: 'Device',
    cell: (row) => `${row.device} (${row.type})`,
    sort: (row) => row.device,
    minor: true,
  },
]

const link = ({ up }: Network): string => (up === undefined ? '–' : up ? 'up' : 'down')

export const networkColumns: readonly Column<Network>[] = [
  { id: 'device', header: 'Interface', cell: (row) => row.device, sort: (row) => row.device },
  { id: 'up', header: 'Link', cell: link, sort: link },
  {
    id: 'in',
    header: 'In',
    cell: (row) => bitsPerSecond(row.receiveBytesPerSecond),
    sort: (row) => row.receiveBytesPerSecond,
    numeric: true,
  },
  {
    id: 'out',
    header: 'Out',
    cell: (row) => bitsPerSecond(row.transmitBytesPerSecond),
    sort: (row) => row.transmitBytesPerSecond,
    numeric: true,
  },
  {
    id: 'errors',
    header: 'Errors per s',
    cell: (row) => count(row.errorsPerSecond),
    sort: (row) => row.errorsPerSecond,
    numeric: true,
  },
  {
    id: 'drops',
    header: 'Drops per s',
    cell: (row) => count(row.dropsPerSecond),
    sort: (row) => row.dropsPerSecond,
    numeric: true,
  },
]

export const temperatureColumns: readonly Column<Temperature>[] = [
  { id: 'name', header: 'Sensor', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'now', header: 'Now', cell: (row) => celsius(row.celsius), sort: (row) => row.celsius, numeric: true },
  {
    id: 'critical',
    header: 'Critical at',
    cell: (row) => celsius(row.critical),
    sort: (row) => row.critical,
    numeric: true,
  },
  { id: 'level', header: 'State', cell: (row) => <Badge tone={row.level}>{row.level}</Badge> },
]
