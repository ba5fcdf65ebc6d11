import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Exporter } from '../../src/exporters/exporter.ts'
import { createSystemd } from '../../src/exporters/host/collectors/systemd.ts'
import { createHostExporter } from '../../src/exporters/host/index.ts'
import { createSource } from '../../src/exporters/host/source.ts'
import { fixtures, hostConfigOf } from '../support/host-config.ts'
import { quiet } from '../support/logger.ts'

/** A unit that failed, one that is restarted again and again, and a socket that takes connections. */
const unitsOf = (restarts: number): string => `Type=oneshot
NRestarts=0
Id=backup.service
LoadState=loaded
ActiveState=failed

Type=notify
NRestarts=${restarts}
Id=ollama.service
LoadState=loaded
ActiveState=active

NAccepted=${restarts}
NConnections=1
NRefused=0
Id=sshd.socket
LoadState=loaded
ActiveState=active
`

/** Adds to some of the numbers of the line that begins with `name`, counted behind it. */
const grown = (text: string, name: string, steps: Readonly<Record<number, number>>): string =>
  text.replace(new RegExp(`^([\\d ]*${name}:? +)(.*)$`, 'm'), (_line, head: string, rest: string) => {
    const values = rest.split(/ +/).map((value, at) => String(Number(value) + (steps[at] ?? 0)))
    return head + values.join(' ')
  })

/** Reads, writes and their times of a disk; packets of a card, of which some are faulty. */
function work(root: string): void {
  const [disks, cards] = [join(root, 'proc/diskstats'), join(root, 'proc/net/dev')]
  const disk = { 0: 40, 2: 640, 3: 60, 4: 20, 6: 320, 7: 90, 9: 80, 10: 150 }
  writeFileSync(disks, grown(readFileSync(disks, 'utf8'), 'sdb', disk))
  const card = { 0: 90_000, 1: 100, 2: 1, 3: 2, 8: 60_000, 9: 80, 10: 1, 11: 1 }
  writeFileSync(cards, grown(readFileSync(cards, 'utf8'), 'eno1', card))
}

/**
 * The recorded machine of the host exporter's tests, at work: what the machine that runs the tests may lack, such as
 * sensors, disks, swap and systemd. `directory` gets a copy of its files, which change until it is stopped.
 */
export function recordedMachine(directory: string): Exporter {
  const root = join(directory, 'machine')
  cpSync(fixtures, root, { recursive: true, verbatimSymlinks: true })
  mkdirSync(join(root, 'run/systemd/system'), { recursive: true })
  let restarts = 0
  const timer = setInterval(() => {
    work(root)
    restarts++
  }, 500)
  const source = createSource({ proc: join(root, 'proc'), sys: join(root, 'sys'), root })
  const systemd = createSystemd(source, async ([, ...args]) =>
    args.includes('*') ? unitsOf(restarts) : 'Version=252\nSystemState=degraded\n',
  )
  const exporter = createHostExporter(hostConfigOf(root), { log: quiet })
  return {
    ...exporter,
    collectors: [...exporter.collectors.filter(({ name }) => name !== 'systemd'), systemd],
    async stop() {
      clearInterval(timer)
      await exporter.stop?.()
    },
  }
}
