import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { numberAttribute } from '../sysfs.ts'

export const metrics = {
  correctable: counter('node_edac_correctable_errors_total', 'Total correctable memory errors.', 'controller'),
  uncorrectable: counter('node_edac_uncorrectable_errors_total', 'Total uncorrectable memory errors.', 'controller'),
  rowCorrectable: counter(
    'node_edac_csrow_correctable_errors_total',
    'Total correctable memory errors for this csrow.',
    'controller',
    'csrow',
  ),
  rowUncorrectable: counter(
    'node_edac_csrow_uncorrectable_errors_total',
    'Total uncorrectable memory errors for this csrow.',
    'controller',
    'csrow',
  ),
}

interface Errors {
  readonly correctable: number | undefined
  readonly uncorrectable: number | undefined
}

/** ECC errors seen by one memory controller. The row `unknown` holds those that no row could be blamed for. */
export interface MemoryController extends Errors {
  readonly controller: string
  readonly rows: readonly (Errors & { readonly row: string })[]
}

const root = 'devices/system/edac/mc'

function readErrors(source: Source, path: string, kind = ''): Errors {
  return {
    correctable: numberAttribute(source, `${path}/ce${kind}_count`),
    uncorrectable: numberAttribute(source, `${path}/ue${kind}_count`),
  }
}

function readRow(source: Source, path: string, row: string, kind = ''): MemoryController['rows'][number] {
  return { row, ...readErrors(source, path, kind) }
}

function readController(source: Source, dir: string): MemoryController {
  const path = `${root}/${dir}`
  const rows = source.sysList(path).filter((name) => /^csrow\d+$/.test(name))
  return {
    controller: dir.slice(2),
    ...readErrors(source, path),
    rows: [
      readRow(source, path, 'unknown', '_noinfo'),
      ...rows.map((row) => readRow(source, `${path}/${row}`, row.slice('csrow'.length))),
    ],
  }
}

/** Memory errors that ECC corrected, or could not. */
export function createEdac(source: Source): Collector<MemoryController[]> {
  return {
    name: 'edac',
    read: () =>
      source
        .sysList(root)
        .filter((name) => /^mc\d+$/.test(name))
        .map((dir) => readController(source, dir)),
    write(reading, out) {
      for (const { controller, correctable, uncorrectable, rows } of reading) {
        out.set(metrics.correctable, correctable, controller)
        out.set(metrics.uncorrectable, uncorrectable, controller)
        for (const row of rows) {
          out.set(metrics.rowCorrectable, row.correctable, controller, row.row)
          out.set(metrics.rowUncorrectable, row.uncorrectable, controller, row.row)
        }
      }
    },
  }
}
