import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { number, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

export const metrics = {
  allocated: gauge('node_filefd_allocated', 'File descriptor statistics: allocated.'),
  maximum: gauge('node_filefd_maximum', 'File descriptor statistics: maximum.'),
}

/** Open files of the whole machine, and how many the kernel allows. */
export interface FileDescriptors {
  readonly allocated: number | undefined
  readonly maximum: number | undefined
}

export function parseFileNr(text: string): FileDescriptors {
  const [allocated, , maximum] = words(text)
  return { allocated: number(allocated), maximum: number(maximum) }
}

export function createFilefd(source: Source): Collector<FileDescriptors> {
  return {
    name: 'filefd',
    read: () => parseFileNr(source.proc('sys/fs/file-nr')),
    write(reading, out) {
      out.set(metrics.allocated, reading.allocated)
      out.set(metrics.maximum, reading.maximum)
    },
  }
}
