import { applications } from './contenders.ts'
import type { DatabaseMeter } from './compare.ts'
import type { PostgresServer } from './postgres.ts'
import { cpuByPid, cpuOfEnded } from './process-stat.ts'
import { sleep } from './program.ts'

/**
 * CPU of the server's processes that work for each side. postgres_exporter keeps its sessions, so the sessions of its
 * application_name are all it uses. Ours keeps one and opens short ones to look into other databases: whatever ended
 * meanwhile counts as ours, the server's own helpers (autovacuum) included.
 */
export function createDatabaseMeter(server: PostgresServer): DatabaseMeter {
  const live = async (application: string): Promise<Map<number, number>> => cpuByPid(await server.backends(application))
  return async () => {
    const before = { ours: await live(applications.ours), theirs: await live(applications.theirs) }
    // The sessions just used to ask have to be gone, lest they count as ours.
    await sleep(100)
    const ended = cpuOfEnded(server.pid)
    return async () => {
      const endedMeanwhile = cpuOfEnded(server.pid) - ended
      const ours = growth(before.ours, await live(applications.ours)) + endedMeanwhile
      return { ours, theirs: growth(before.theirs, await live(applications.theirs)) }
    }
  }
}

/** Sum of what each process has used since; one that is new has used it all since. */
export function growth(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [pid, seconds]) => sum + seconds - (before.get(pid) ?? 0), 0)
}
