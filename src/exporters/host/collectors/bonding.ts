import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  slaves: gauge('node_bonding_slaves', 'Number of configured slaves per bonding interface.', 'master'),
  active: gauge('node_bonding_active', 'Number of active slaves per bonding interface.', 'master'),
}

export interface Bond {
  readonly master: string
  readonly slaves: number
  readonly active: number
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

function isUp(source: Source, master: string, slave: string): boolean {
  const path = (link: string): string => `class/net/${master}/${link}_${slave}/bonding_slave/mii_status`
  // Kernels before 4.0 called the link slave_<name>.
  return (source.attribute(path('lower')) ?? source.attribute(path('slave'))) === 'up'
}

function readBond(source: Source, master: string): Bond {
  const slaves = words(source.sys(`class/net/${master}/bonding/slaves`))
  return { master, slaves: slaves.length, active: slaves.filter((slave) => isUp(source, master, slave)).length }
}

/** Bonded network interfaces, and how many of their links are up. */
export function createBonding(source: Source): Collector<Bond[]> {
  return {
    name: 'bonding',
    read: () => words(source.sys('class/net/bonding_masters')).map((master) => readBond(source, master)),
    write(reading, out) {
      for (const { master, slaves, active } of reading) {
        out.set(metrics.slaves, slaves, master)
        out.set(metrics.active, active, master)
      }
    },
  }
}
