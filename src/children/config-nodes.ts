import { isAbsolute, join } from 'node:path'

/** A mapping of a parsed configuration file. */
export type Node = Record<string, unknown>

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

/** Keys of Prometheus' and Alertmanager's files that hold paths. */
const paths = /(_file|_files|^files|^templates)$/

/** Every path in the file is relative to the file; the copy lies elsewhere. */
export function absolutePaths(value: unknown, directory: string, isPath = false): unknown {
  if (typeof value === 'string') return isPath && value !== '' && !isAbsolute(value) ? join(directory, value) : value
  if (Array.isArray(value)) return value.map((each) => absolutePaths(each, directory, isPath))
  if (!isNode(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, absolutePaths(each, directory, paths.test(key))]),
  )
}
