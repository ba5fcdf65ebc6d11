import type { Card, GpuProcess } from '../card.ts'
import type { ModelOfProcess } from '../model.ts'
import type { Outcome } from '../state.ts'
import { cardOf } from './convert.ts'
import { cellsOf, parseTable, type Table } from './csv.ts'
import { checked, garbage, SmiError, type Output } from './fault.ts'
import { appFields, fieldsFor, gpuFields, parseHelp, rejectedField } from './fields.ts'
import { parseMigDevices, parseMigNames, type MigDevice, type MigName } from './mig.ts'
import { parseApps, withModels } from './processes.ts'
import type { Run } from './run.ts'

/** All that one poll found. */
export interface NvidiaReading {
  readonly table: Table
  /** In the order of the table's rows. */
  readonly cards: readonly Card[]
  /** Undefined if this driver does not list them. */
  readonly processes: readonly GpuProcess[] | undefined
  /** Undefined if MIG is on but could not be read; empty if it is off. */
  readonly mig: readonly MigDevice[] | undefined
  readonly migNames: ReadonlyMap<string, MigName>
  readonly exitCode: number
}

/** Asks nvidia-smi, and remembers which fields this driver refuses. */
export function createQuery(
  run: Run,
  modelOf: ModelOfProcess,
  extraFields: readonly string[],
  timeout: number,
): (signal: AbortSignal) => Promise<Outcome<NvidiaReading>> {
  const gpus = createGpuQuery(run, [...new Set([...gpuFields, ...extraFields])])
  async function read(signal: AbortSignal): Promise<NvidiaReading> {
    const { table, exitCode } = await gpus(signal)
    const cards = table.rows.map((row) => cardOf(cellsOf(table, row)))
    refuseTwins(cards)
    const gpuOf = new Map(cards.map((card) => [card.uuid, card.gpu]))
    const apps = await unlessHung(async () => parseApps(checked(await run(query('compute-apps', appFields), signal))))
    const processes = apps && (await withModels(apps, gpuOf, modelOf))
    const split = cards.some((card) => card.values.migEnabled === 1)
    const mig = split ? await unlessHung(async () => parseMigDevices(checked(await run(['-q', '-x'], signal)))) : []
    const migNames = mig?.length
      ? await unlessHung(async () => parseMigNames(checked(await run(['-L'], signal))))
      : undefined
    return { table, cards, processes, mig, migNames: migNames ?? new Map(), exitCode }
  }
  return async (signal) => {
    try {
      const reading = await read(AbortSignal.any([signal, AbortSignal.timeout(timeout)]))
      return { reading, exitCode: reading.exitCode }
    } catch (error) {
      if (error instanceof SmiError) return { fault: error.fault, exitCode: error.exitCode }
      throw error
    }
  }
}

const query = (what: string, fields: readonly string[]): string[] => [
  `--query-${what}=${fields.join(',')}`,
  '--format=csv',
]

function createGpuQuery(
  run: Run,
  wanted: readonly string[],
): (signal: AbortSignal) => Promise<{ table: Table; exitCode: number }> {
  let fields = wanted
  let helped = false
  /** Without the refused field; at the first refusal without all that this driver does not list. */
  async function narrowed(refused: string, signal: AbortSignal): Promise<readonly string[]> {
    if (helped) return fields.filter((field) => field !== refused)
    const valid = parseHelp((await run(['--help-query-gpu'], signal)).stdout)
    helped = true
    const usable = fieldsFor(valid, fields)
    return usable.length === 0 ? fields.filter((field) => field !== refused) : usable
  }
  return async (signal) => {
    for (;;) {
      const output: Output = await run(query('gpu', fields), signal)
      const refused = rejectedField(output.stdout) ?? rejectedField(output.stderr)
      if (refused === undefined || !fields.includes(refused))
        return { table: gpuTable(output), exitCode: output.exitCode }
      fields = await narrowed(refused, signal)
    }
  }
}

function gpuTable(output: Output): Table {
  const table = parseTable(checked(output), ['index', 'uuid'])
  if (table.rows.length === 0) throw new SmiError('absent', 'no_devices', 'nvidia-smi lists no GPU', output.exitCode)
  return table
}

/** Two cards of one index or one identifier cannot be: such an answer is nonsense as a whole. */
function refuseTwins(cards: readonly Card[]): void {
  for (const key of ['gpu', 'uuid'] as const) {
    if (new Set(cards.map((card) => card[key])).size < cards.length) throw garbage(`two GPUs with one ${key}`)
  }
}

/** A part that this driver cannot tell is absent; the cards are known all the same. A hang is one for the whole poll. */
async function unlessHung<Part>(read: () => Promise<Part>): Promise<Part | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SmiError && error.fault.state !== 'hung') return undefined
    throw error
  }
}
