import { machine } from 'node:os'
import { gauge } from '../../../lib/exposition.ts'
import { UnavailableError } from '../../../errors.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

const labels = ['domainname', 'machine', 'nodename', 'release', 'sysname', 'version']

export const metrics = {
  info: gauge('node_uname_info', 'Labeled system information as provided by the uname system call.', ...labels),
}

/** What uname(2) tells of the machine and its kernel. */
export interface Uname {
  readonly domainname: string
  readonly machine: string
  readonly nodename: string
  readonly release: string
  readonly sysname: string
  readonly version: string
}

/** Host and domain name may change while the kernel runs; the rest is read once. */
export function createUname(source: Source): Collector<Uname> {
  const kernel = (name: string): string => source.proc(`sys/kernel/${name}`).trim()
  let fixed: Pick<Uname, 'machine' | 'release' | 'sysname' | 'version'> | undefined
  const architecture = (): string => {
    try {
      return kernel('arch')
    } catch (error) {
      if (error instanceof UnavailableError) return machine() // before Linux 6.1
      throw error
    }
  }
  return {
    name: 'uname',
    read() {
      fixed ??= {
        machine: architecture(),
        release: kernel('osrelease'),
        sysname: kernel('ostype'),
        version: kernel('version'),
      }
      return { ...fixed, nodename: kernel('hostname'), domainname: kernel('domainname') }
    },
    write(u, out) {
      out.set(metrics.info, 1, u.domainname, u.machine, u.nodename, u.release, u.sysname, u.version)
    },
  }
}
