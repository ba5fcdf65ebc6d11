import { spawnSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { version } from '../../src/version.ts'
import { describeThisMachine } from '../lib/machine.ts'
import { nodeExporter, postgresExporter } from './contenders.ts'

/** An IPv4 address of this machine other than loopback, if it has one. */
export function networkAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

/** `node_exporter, version 1.5.0 (branch: …)` -> `1.5.0`. */
export function parseVersion(text: string): string | undefined {
  return /\bversion (\S+)/.exec(text)?.[1]
}

function versionOf(program: string | undefined): string {
  if (program === undefined) return 'not installed'
  const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return parseVersion(`${stdout}${stderr}`) ?? 'of unknown version'
}

/** Where and with what the figures were taken. */
export const describeMachine = (postgres: string | undefined): string =>
  describeThisMachine([
    `Aura ${version}`,
    `node_exporter ${versionOf(nodeExporter)}`,
    `postgres_exporter ${versionOf(postgresExporter)}`,
    `PostgreSQL ${postgres ?? 'not installed'}`,
  ])
