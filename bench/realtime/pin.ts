import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

/** Keeps a process on one core, where there are several and Linux lets us choose. */
export function pin(pid: number, core: number): void {
  if (cpus().length > 1) spawnSync('taskset', ['-a', '-c', '-p', String(core % cpus().length), String(pid)])
}
