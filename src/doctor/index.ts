import type { Config } from '../config/schema.ts'
import { database } from './database.ts'
import type { Finding } from './finding.ts'
import { gpu, node } from './machine.ts'
import { alertmanager, grafana, ollama, otlp, ports, prometheus } from './services.ts'

const examinations = [node, ports, database, ollama, gpu, prometheus, alertmanager, grafana, otlp]

/** Looks at everything Aura needs or can use, all at once, in the order of the table. */
export async function examine(config: Config, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const findings = await Promise.all(examinations.map((look) => look(config, env)))
  return findings.flat()
}

/** The findings as a table, with what to do below each that has something to do. */
export function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  return findings
    .map(({ what, state, found, mend }) => {
      const line = `${state.padEnd(5)}  ${what.padEnd(width)}  ${found}`
      return mend === undefined ? line : `${line}\n${' '.repeat(width + 9)}-> ${mend}`
    })
    .join('\n')
}
