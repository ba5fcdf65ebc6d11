import { UnavailableError } from '../../errors.ts'

const longest = 200

/** An error as one line that may be shown. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** Errors by source -> reasons by source. A source that this machine does not have does not fail. */
export function failingOf(failures: ReadonlyMap<string, unknown>): Record<string, string> {
  const failing = [...failures].filter(([, error]) => !(error instanceof UnavailableError))
  return Object.fromEntries(failing.map(([source, error]) => [source, reasonOf(error)]))
}
