import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { runBench, type Section as AnySection } from '../lib/bench.ts'
import { event, state, urgent, urgent100, urgent20, urgentShort } from './broadcast.ts'
import { faults } from './faults/index.ts'
import { idle } from './idle.ts'
import { jitter } from './jitter.ts'
import { dashboards, tokens } from './mixed.ts'
import { describeThisMachine } from '../lib/machine.ts'
import { compiler } from './native.ts'
import type { Effort } from './section.ts'
import { slow } from './slow.ts'
import { storm } from './storm.ts'

const loads: Readonly<Record<string, AnySection<Effort>>> = {
  urgent,
  urgent20,
  urgent100,
  urgentShort,
  event,
  state,
  dashboards,
  tokens,
  idle,
  storm,
  jitter,
  slow,
}

const usage = `Usage: npm run bench:realtime -- [--quick] [--long] [--faults] [--only SECTION[,SECTION…]]

Compares the live bridge on this machine with a loop of ws.send, a loop of finished frames, Socket.IO, bun's server (the
engine of uWebSockets), a C loop of write and, where it is installed, Centrifugo, and prints what was promised and what
was reached. Exit code 0 also when a target is missed; 1 if it could not run.

  --quick   shorter and fewer rounds: a first impression in about nine minutes instead of half an hour
  --long    jitter and slow readers at full length
  --faults  the failure tests instead, in full size, and their pass figures: about 20 minutes, with --quick seven
  --only    some of: ${Object.keys(loads).join(', ')},
            ${Object.keys(faults).join(', ')}`

const thorough: Effort = {
  rounds: 4,
  seconds: 10,
  warmUp: 2,
  idleSockets: 10_000,
  storms: 4,
  jitterSeconds: 40,
  slowSeconds: 15,
  stallSeconds: 60,
  churnSeconds: 60,
  zombies: 10_000,
}
const quick: Effort = {
  rounds: 2,
  seconds: 3,
  warmUp: 1,
  idleSockets: 5000,
  storms: 2,
  jitterSeconds: 20,
  slowSeconds: 6,
  stallSeconds: 20,
  churnSeconds: 10,
  zombies: 2000,
}
const long = { jitterSeconds: 160, slowSeconds: 30 }
// Of the failure tests.
const fullSize = { churnSeconds: 600 }

const firstLine = (command: string, args: readonly string[]): string =>
  spawnSync(command, args, { encoding: 'utf8' }).stdout?.split('\n')[0] ?? ''

function describeMachine(): string {
  const placed =
    cpus().length > 1 && process.platform === 'linux' ? 'servers on core 0, clients on core 1' : 'not pinned'
  const subscribers =
    compiler === undefined ? 'in Node, there is no C compiler' : `in C, ${firstLine(compiler, ['--version'])}`
  return describeThisMachine(
    ['ws 8.23.0', 'Socket.IO 4.8.4'],
    [`Limits: ${firstLine('sh', ['-c', 'ulimit -n'])} open files; ${placed}; subscribers ${subscribers}`],
  )
}

await runBench<Effort>({
  name: 'bench:realtime',
  usage,
  thorough,
  quick,
  options: { long: { type: 'boolean' }, faults: { type: 'boolean' } },
  sections: [...Object.keys(loads), ...Object.keys(faults)],
  async run(play, output, values) {
    output.print(`Aura's live bridge and its peers, side by side\n\n${describeMachine()}`)
    const size = values['long'] === true ? long : {}
    if (values['faults'] === true) await play(faults, values['quick'] === true ? {} : { ...long, ...fullSize })
    else await play(values['only'] === undefined ? loads : { ...loads, ...faults }, size)
  },
})
