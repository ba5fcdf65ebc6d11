import type { GpuProcess } from '../card.ts'
import type { ModelOfProcess } from '../model.ts'
import { known, number } from './cell.ts'
import { cellsOf, parseTable } from './csv.ts'

/** A row of `--query-compute-apps`. */
export interface App {
  readonly uuid: string
  readonly pid: string
  readonly name: string
  /** Bytes. */
  readonly memory: number | undefined
}

/** Parses the answer for `appFields`. A process listed several times on one GPU (MIG does) is one, its memory summed. */
export function parseApps(text: string): App[] {
  const table = parseTable(text, ['gpu_uuid', 'pid', 'process_name'])
  const apps = new Map<string, App>()
  for (const row of table.rows) {
    const cell = cellsOf(table, row)
    const uuid = known(cell('gpu_uuid'))
    const pid = number(cell('pid'))
    if (uuid === undefined || pid === undefined) continue
    const mebibytes = number(cell('used_gpu_memory'))
    const memory = mebibytes === undefined ? undefined : mebibytes * 1048576
    const app = { uuid, pid: String(pid), name: known(cell('process_name')) ?? '', memory }
    const key = `${uuid} ${pid}`
    apps.set(key, merged(apps.get(key), app))
  }
  return [...apps.values()]
}

function merged(one: App | undefined, other: App): App {
  if (one?.memory === undefined || other.memory === undefined) return one ?? other
  return { ...one, memory: one.memory + other.memory }
}

/** Gives each process its GPU's index and its model. */
export async function withModels(
  apps: readonly App[],
  gpuOf: ReadonlyMap<string, string>,
  modelOf: ModelOfProcess,
): Promise<GpuProcess[]> {
  return Promise.all(
    apps.map(async (app) => ({
      ...app,
      vendor: 'nvidia' as const,
      gpu: gpuOf.get(app.uuid) ?? '',
      model: await modelOf(app.pid),
    })),
  )
}
