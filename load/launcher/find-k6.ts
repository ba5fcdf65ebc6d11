import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { findProgram } from '../../src/children/find-program.ts'

/** The first version with everything that the scripts use: sockets that answer pings while they close. */
const oldest = 2

export const howToGetIt = `k6 ${oldest} or newer is needed and is not on the PATH. Get it with one of
  go install go.k6.io/k6/v2@latest     (Go 1.25 or newer; some minutes)
  https://github.com/grafana/k6/releases   (a single file; put it on the PATH)
  https://grafana.com/docs/k6/latest/set-up/install-k6/   (packages)`

export type Found = { readonly program: string } | { readonly problem: string }

/** k6 on the PATH, or where `go install` puts it. */
export function findK6(searchPath: string, home: string): Found {
  const program = findProgram(['k6', join(home, 'go/bin/k6')], searchPath)
  if (program === undefined) return { problem: howToGetIt }
  const version = versionOf(program)
  const major = Number(/^k6(?:\.exe)? v(\d+)\./.exec(version)?.[1])
  if (major >= oldest) return { program }
  return { problem: `${program} is no k6 ${oldest}: ${version.trim() || 'it says nothing'}\n\n${howToGetIt}` }
}

function versionOf(program: string): string {
  try {
    return execFileSync(program, ['version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    })
  } catch {
    return ''
  }
}
