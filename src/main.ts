import { createRequire } from 'node:module'
import { ConfigError, StartError } from './errors.ts'

/** A sub-command: what it says of itself, and what it does. Resolves to the exit code. */
export interface Command {
  readonly usage: string
  run(args: readonly string[]): Promise<number>
}

const commands: Record<string, { about: string; load(): Promise<Command> }> = {
  start: { about: 'everything on this machine (the default)', load: () => import('./commands/start.ts') },
  demo: { about: 'the same with a simulated Ollama and GPU', load: () => import('./commands/demo.ts') },
  exporter: { about: 'exporters alone, for further machines', load: () => import('./commands/exporter.ts') },
  doctor: { about: 'what is here, what is wrong, how to mend it', load: () => import('./commands/doctor.ts') },
  config: { about: 'print or check the configuration', load: () => import('./commands/config.ts') },
  user: {
    about: 'accounts: create, list, lock, a new password',
    load: () => import('./commands/people.ts').then(({ user }) => user),
  },
  token: {
    about: 'API tokens: create, list, revoke',
    load: () => import('./commands/people.ts').then(({ token }) => token),
  },
  roles: {
    about: 'roles as code: plan, apply, export',
    load: () => import('./commands/people.ts').then(({ roles }) => roles),
  },
  audit: { about: 'the audit log: verify, export, its keys', load: () => import('./commands/audit.ts') },
  migrate: { about: 'bring the database schema up to date', load: () => import('./commands/migrate.ts') },
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`)
  return `Usage: aura [command] [options]\n\n${lines.join('\n')}\n
Options of every command:
  --config FILE   configuration file (default: aura.yaml, if it exists)
  --help          what a command does and takes
  --version       print the version

Exit codes: 0 all well, 1 failed, 2 wrong configuration or usage.`
}

async function main([name = 'start', ...args]: readonly string[]): Promise<number> {
  if (name === '--version') return say(createRequire(import.meta.url)('../package.json').version, 0)
  if (name === '--help' || name === 'help') return say(help(), 0)
  const known = name.startsWith('-') ? commands['start'] : commands[name]
  if (known === undefined) return say(`aura: no such command: ${name}\n\n${help()}`, 2)
  const command = await known.load()
  const rest = name.startsWith('-') ? [name, ...args] : args
  if (rest.includes('--help')) return say(command.usage, 0)
  return command.run(rest)
}

function say(text: string, code: number): number {
  console[code === 0 ? 'log' : 'error'](text)
  return code
}

function exitCode(error: unknown): number {
  if (error instanceof ConfigError) return say(error.message, 2)
  if (error instanceof StartError) return say(error.message, 1)
  const usage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return say(usage ? `aura: ${error.message}` : String(error instanceof Error ? error.stack : error), usage ? 2 : 1)
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCode)
