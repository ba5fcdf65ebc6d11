import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first of `names` found in `searchPath` (as in $PATH); a name with a slash is taken as a path. */
export function findProgram(names: readonly string[], searchPath: string): string | undefined {
  for (const name of names) {
    if (isAbsolute(name) || name.includes('/')) {
      if (isExecutable(name)) return resolve(name)
      continue
    }
    for (const directory of searchPath.split(delimiter)) {
      if (directory !== '' && isExecutable(join(directory, name))) return join(directory, name)
    }
  }
  return undefined
}
