import { readFileSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { endProcess, identify, type ProcessIdentity } from '../lib/process-identity.ts'
import { writeFileAtomic } from '../lib/write-file-atomic.ts'

/** Remembers a child, so that the next Aura can end it should this one die without doing so. */
export function writePidFile(path: string, pid: number, program: string): void {
  writeFileAtomic(path, `${pid}\n${identify(pid)?.started ?? ''}\n${program}\n`)
}

/** The child that an earlier Aura left behind: same pid, start time and program. Undefined if it is gone. */
export function findOrphan(path: string): ProcessIdentity | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  const [pid, started, program = ''] = text.split('\n')
  const found = identify(Number(pid))
  // The pid may meanwhile belong to any other program, which must not be touched.
  const same = found?.started === started && basename(found?.command[0] ?? '') === basename(program)
  return same ? found : undefined
}

/** Ends the child that an earlier Aura left behind; its pid, or undefined if there was none. */
export async function endOrphan(path: string): Promise<number | undefined> {
  const orphan = findOrphan(path)
  if (orphan !== undefined) {
    await endProcess(orphan, [
      ['SIGTERM', 10_000],
      ['SIGKILL', 5000],
    ])
  }
  rmSync(path, { force: true })
  return orphan?.pid
}
