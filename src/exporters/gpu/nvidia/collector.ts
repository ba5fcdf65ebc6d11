import { UnavailableError } from '../../../errors.ts'
import type { Exposition } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { metrics as common, writeCard, writeProcess } from '../metrics.ts'
import type { Poller } from '../poller.ts'
import { current, type Memory } from '../state.ts'
import type { Status } from '../status.ts'
import { cellsOf } from './csv.ts'
import { writeDcgm } from './dcgm.ts'
import { writeMig } from './mig-series.ts'
import type { NvidiaReading } from './query.ts'
import { writeSmi } from './smi.ts'

/** Under which names NVIDIA values are published, besides the neutral ones. */
export interface Names {
  /** For the DCGM labels. */
  readonly hostname: string
  readonly dcgm: boolean
  readonly smi: boolean
}

/** NVIDIA cards from the newest poll of nvidia-smi. Throws why there are none to show. */
export function createNvidia(poller: Poller<NvidiaReading>, maxAge: number, names: Names): Collector<NvidiaReading> {
  return {
    name: 'nvidia',
    async read() {
      const memory = await poller.ask()
      const shown = current(memory, Date.now(), maxAge)
      if (shown !== undefined) return shown.reading
      const { state, fault } = memory
      if (fault === undefined) throw new Error('the first answer of nvidia-smi is still awaited')
      throw state === 'absent' ? new UnavailableError(fault.message) : new Error(fault.message)
    },
    write: (reading, out) => writeNvidia(reading, names, out),
  }
}

/** Series of one reading: neutral names, DCGM names, nvidia_smi names. */
export function writeNvidia(reading: NvidiaReading, { hostname, dcgm, smi }: Names, out: Exposition): void {
  out.set(common.cards, reading.cards.length, 'nvidia')
  for (const card of reading.cards) writeCard(card, out)
  for (const process of reading.processes ?? []) writeProcess(process, out)
  if (dcgm) for (const row of reading.table.rows) writeDcgm(cellsOf(reading.table, row), hostname, out)
  if (smi) writeSmi(reading, out)
  writeMig(reading, smi, out)
}

/** The same polls as the `state` collector tells them. */
export function nvidiaStatus(memory: Memory<NvidiaReading>, now: number, maxAge: number): Status {
  const age = current(memory, now, maxAge)?.age
  return {
    vendor: 'nvidia',
    state: memory.state,
    fault: memory.fault,
    age: age === undefined ? undefined : age / 1000,
    duration: memory.state === undefined ? undefined : memory.took / 1000,
    exitCode: memory.exitCode,
    failures: memory.failed,
  }
}
