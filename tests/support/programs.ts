import { delimiter } from 'node:path'
import { findProgram } from '../../src/children/find-program.ts'

/** Path of the first of these programs that is installed; says on the console what is skipped if none is. */
export function installed(what: string, ...names: string[]): string | undefined {
  const path = ['/usr/sbin', '/sbin', process.env['PATH'] ?? ''].join(delimiter)
  const found = findProgram(names, path)
  if (found === undefined) console.warn(`skipped: ${what} (${names.join(' or ')} is not installed)`)
  return found
}
