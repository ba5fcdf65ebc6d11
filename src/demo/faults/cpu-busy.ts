import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, constants, setPriority } from 'node:os'
import type { Fault } from './fault.ts'

/** Never more programs than this, however many processors there are. */
const most = 16

/** Computes in slices; ends when whoever started it has gone. */
const program = `process.stdin.resume().on('end', () => process.exit()).on('error', () => process.exit())
const turn = () => { const end = Date.now() + 100; while (Date.now() < end); setImmediate(turn) }
turn()`

/** Every processor computes, at the lowest priority, so that nothing else waits for it. */
export const cpuBusy: Fault = {
  about: 'all processors compute, at the lowest priority and for at most 20 minutes',
  alerts: ['NodeCPUHighUsage'],
  panels: ['host: Processors busy', 'host: Processor time', 'overview: Processors'],
  longest: 20 * 60_000,
  async start() {
    const count = Math.min(most, availableParallelism())
    const children = Array.from({ length: count }, () =>
      spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'ignore', 'ignore'], env: {} }),
    )
    await Promise.all(children.map((child) => once(child, 'spawn')))
    for (const { pid } of children) if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
    return async () => {
      const alive = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      const gone = alive.map((child) => once(child, 'exit'))
      for (const child of alive) child.kill('SIGKILL')
      await Promise.all(gone)
    }
  },
}
