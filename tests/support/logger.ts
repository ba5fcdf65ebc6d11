import type { Logger } from '../../src/lib/logger.ts'

const nothing = (): void => undefined

export const quiet: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export interface Line {
  readonly level: keyof Logger
  readonly fields: object
  readonly message: string
}

/** A logger that keeps its lines, for tests of what is said and how often. */
export function recordingLogger(): Logger & { readonly lines: Line[] } {
  const lines: Line[] = []
  const at = (level: keyof Logger) => (fields: object, message: string) => void lines.push({ level, fields, message })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
