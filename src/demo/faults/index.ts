import { checkpointsStuck } from './checkpoints-stuck.ts'
import { cpuBusy } from './cpu-busy.ts'
import { diskFull } from './disk-full.ts'
import type { Fault } from './fault.ts'
import { gpuErrors } from './gpu-errors.ts'
import { gpuFull } from './gpu-full.ts'
import { gpuHangs } from './gpu-hangs.ts'
import { gpuHot } from './gpu-hot.ts'
import { gpuLost } from './gpu-lost.ts'
import { gpuThrottled } from './gpu-throttled.ts'
import { ollamaBusy } from './ollama-busy.ts'
import { ollamaCrawls } from './ollama-crawls.ts'
import { ollamaDown } from './ollama-down.ts'
import { ollamaSlow } from './ollama-slow.ts'
import { ollamaSpilled } from './ollama-spilled.ts'
import { ollamaThrash } from './ollama-thrash.ts'
import { pgBlocked } from './pg-blocked.ts'
import { pgConnections } from './pg-connections.ts'
import { pgDeadRows } from './pg-dead-rows.ts'
import { pgDeadlocks } from './pg-deadlocks.ts'
import { pgLongTransaction } from './pg-long-transaction.ts'
import { signInsRefused } from './sign-ins-refused.ts'
import { socketsStorm } from './sockets-storm.ts'

/** Every fault that can be asked for, by name. */
export const faults = {
  'gpu-hot': gpuHot,
  'gpu-throttled': gpuThrottled,
  'gpu-errors': gpuErrors,
  'gpu-full': gpuFull,
  'gpu-hangs': gpuHangs,
  'gpu-lost': gpuLost,
  'ollama-down': ollamaDown,
  'ollama-slow': ollamaSlow,
  'ollama-busy': ollamaBusy,
  'ollama-crawls': ollamaCrawls,
  'ollama-spilled': ollamaSpilled,
  'ollama-thrash': ollamaThrash,
  'pg-blocked': pgBlocked,
  'pg-deadlocks': pgDeadlocks,
  'pg-connections': pgConnections,
  'pg-long-transaction': pgLongTransaction,
  'pg-dead-rows': pgDeadRows,
  'disk-full': diskFull,
  'cpu-busy': cpuBusy,
  'sign-ins-refused': signInsRefused,
  'checkpoints-stuck': checkpointsStuck,
  'sockets-storm': socketsStorm,
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults

export const isFault = (name: string): name is FaultName => Object.hasOwn(faults, name)

export const faultNames = Object.keys(faults) as readonly FaultName[]

/** One line: what goes wrong, and who should tell of it. */
export function describeFault(name: FaultName): string {
  const { about, alerts, panels }: Fault = faults[name]
  const told = [...alerts, ...panels.slice(0, 2).map((panel) => `board ${panel}`)]
  return `${name.padEnd(20)} ${about}\n${' '.repeat(21)}-> ${told.length === 0 ? 'only its clients notice' : told.join(', ')}`
}
