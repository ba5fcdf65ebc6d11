import { parseArgs, type ParseArgsConfig } from 'node:util'
import { verdicts, type Verdict } from './targets.ts'

/** Prints a paragraph of the report; `progress` is only for whoever waits. */
export interface Output {
  readonly print: (text: string) => void
  readonly progress: (text: string) => void
}

/** A part of a benchmark: measures, prints, and says what came of its promises. */
export type Section<Effort> = (effort: Effort, output: Output) => Promise<readonly Verdict[]>

type Options = NonNullable<ParseArgsConfig['options']>
type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Bench<Effort> {
  /** As npm knows it: `bench:web`. */
  readonly name: string
  readonly usage: string
  readonly thorough: Effort
  readonly quick: Effort
  /** Beyond `--quick`, `--only` and `--help`. */
  readonly options?: Options
  /** Names for `--only`, in order. */
  readonly sections: readonly string[]
  /** Sets the stage, and calls `play` once it stands. */
  run(play: Play<Effort>, output: Output, values: Values): Promise<void>
}

/** Runs those of the sections that were asked for, and prints what became of all targets. */
export type Play<Effort> = (
  sections: Readonly<Record<string, Section<Effort>>>,
  effort?: Partial<Effort>,
) => Promise<void>

const output: Output = {
  print: (text) => console.log(`${text}\n`),
  progress: (text) => console.error(`… ${text}`),
}

/** The names in `--only`, or all; throws at one that is not known. */
export function choose(known: readonly string[], only: string | undefined): readonly string[] {
  const wanted = only?.split(',') ?? known
  const odd = wanted.find((name) => !known.includes(name))
  if (odd !== undefined) throw new Error(`no section is called ${odd}; there are ${known.join(', ')}`)
  return wanted
}

/** A section that cannot run must not cost what the others found in half an hour. */
async function attempt<Effort>(
  name: string,
  section: Section<Effort> | undefined,
  effort: Effort,
): Promise<readonly Verdict[]> {
  try {
    return (await section?.(effort, output)) ?? []
  } catch (error) {
    process.exitCode = 1
    const reason = error instanceof Error ? error.message : String(error)
    output.print(`${name} could not run: ${reason}`)
    return [{ what: name, target: 'runs', reached: 'did not run', met: false }]
  }
}

async function perform<Effort extends object>(bench: Bench<Effort>): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' }, ...bench.options },
  })
  const { quick, only, help }: Values = values
  if (help === true) return console.log(bench.usage)
  const wanted = choose(bench.sections, only)
  async function play(sections: Readonly<Record<string, Section<Effort>>>, changes?: Partial<Effort>): Promise<void> {
    const effort = { ...(quick === true ? bench.quick : bench.thorough), ...changes }
    const results: Verdict[] = []
    for (const name of wanted) results.push(...(await attempt(name, sections[name], effort)))
    output.print(verdicts(results))
  }
  await bench.run(play, output, values)
}

/** The life of a benchmark's process: arguments, signals, sections, exit code 1 only if it could not run. */
export async function runBench<Effort extends object>(bench: Bench<Effort>): Promise<void> {
  // Through process.exit, so that what was started is taken down.
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  try {
    await perform(bench)
  } catch (error) {
    console.error(`${bench.name}: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}
