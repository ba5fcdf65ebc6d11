import { examine, table } from '../doctor/index.ts'
import { invocation } from './options.ts'

export const usage = `Usage: aura doctor [--config FILE]

One table: what was found on this machine, what is wrong, how to mend it.
Exit code 1 if something is wrong; a note is worth knowing and no fault.`

export async function run(args: readonly string[]): Promise<number> {
  const { config } = await invocation(args)
  const findings = await examine(config, process.env)
  console.log(table(findings))
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0
}
