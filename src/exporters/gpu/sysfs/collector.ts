import { UnavailableError } from '../../../errors.ts'
import type { Collector } from '../../exporter.ts'
import type { Card, GpuProcess, Vendor } from '../card.ts'
import { metrics as common, writeCard, writeProcess } from '../metrics.ts'
import type { Fault } from '../state.ts'
import type { Status } from '../status.ts'

/** What one look at the files found. */
export interface SysfsReading {
  readonly cards: readonly Card[]
  readonly processes: readonly GpuProcess[]
}

/** Cards that the kernel describes in files; the `state` collector learns from the same reading. */
export interface SysfsSource {
  readonly collector: Collector<SysfsReading>
  status(): Promise<Status>
}

/** A driver that hangs must not keep the other vendors' states from being told. */
const patience = 2000
const hung: Fault = { state: 'hung', reason: 'timeout', message: 'the driver does not answer' }
const notFound: Fault = { state: 'absent', reason: 'not_found', message: 'no such card' }
const unreadable: Fault = { state: 'driver_error', reason: 'unreadable', message: 'no sensor of the card can be read' }

/** A vendor whose cards `read` finds. Both questions of one scrape share one reading. */
export function createSysfsSource(vendor: Vendor, read: () => Promise<SysfsReading>): SysfsSource {
  let reading: Promise<SysfsReading> | undefined
  const share = (): Promise<SysfsReading> => (reading ??= read().finally(() => (reading = undefined)))
  return {
    collector: {
      name: vendor,
      async read() {
        const found = await share()
        if (found.cards.length === 0) throw new UnavailableError(`this machine has no ${vendor} GPU`)
        return found
      },
      write({ cards, processes }, out) {
        out.set(common.cards, cards.length, vendor)
        for (const card of cards) writeCard(card, out)
        for (const process of processes) writeProcess(process, out)
      },
    },
    status: async () => {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<Status>((resolve) => {
        timer = setTimeout(() => resolve({ vendor, state: 'hung', fault: hung }), patience)
      })
      const status = share().then(({ cards }) => statusOf(vendor, cards))
      return Promise.race([status, late]).finally(() => clearTimeout(timer))
    },
  }
}

function statusOf(vendor: Vendor, cards: readonly Card[]): Status {
  if (cards.length === 0) return { vendor, state: 'absent', fault: notFound }
  const silent = cards.every((card) => !card.suspended && isSilent(card))
  return silent ? { vendor, state: 'driver_error', fault: unreadable } : { vendor, state: 'ok', age: 0 }
}

const isSilent = ({ values, clocks }: Card): boolean =>
  [...Object.values(values), ...Object.values(clocks)].every((value) => value === undefined)
