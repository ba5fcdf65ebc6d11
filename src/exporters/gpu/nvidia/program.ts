import { access, constants } from 'node:fs/promises'
import { SmiError } from './fault.ts'

/** Directories searched when the caller names none; the last two are those of WSL and NixOS. */
export const usualPath =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/wsl/lib:/run/opengl-driver/bin'

/** `"/opt/my tools/nvidia-smi" -a` -> its words. */
export function parseCommand(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/** Finds the program without starting anything. Throws the fault that tells "not there" from "not allowed". */
export async function locate(program: string, path: string): Promise<string> {
  const candidates = program.includes('/') ? [program] : path.split(':').map((directory) => `${directory}/${program}`)
  let forbidden: string | undefined
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK)
      return candidate
    } catch {
      if (await exists(candidate)) forbidden = candidate
    }
  }
  if (forbidden !== undefined) {
    throw new SmiError('permission', 'permission_denied', `${forbidden} may not be executed`)
  }
  throw new SmiError('absent', 'not_found', `${program} was not found`)
}

/** Whether it is there at all; a directory of the PATH that this user may not enter hides nothing it could run. */
const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
