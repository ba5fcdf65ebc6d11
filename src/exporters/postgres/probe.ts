import { readFile } from 'node:fs/promises'
import { parseDuration } from '../../lib/duration.ts'
import { createExposition } from '../../lib/exposition.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Exporter } from '../exporter.ts'
import { createRunner, type Filter } from '../runner.ts'
import type { ProbeConfig } from './probe-config.ts'
import { createPool, type Probed } from './probe-pool.ts'
import { isAllowed, nameOf, parseTarget, type Target } from './probe-target.ts'

export interface ProbeReply {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** What `/probe` is asked: `target`, `auth_module`, `collect[]`, `exclude[]`. */
export interface ProbeRequest {
  readonly query: URLSearchParams
  /** Longest time that one collector may take, ms. */
  readonly deadline: number
}

export interface Probe {
  /** Never rejects; what is wrong with the request is said in the reply. */
  answer(request: ProbeRequest): Promise<ProbeReply>
  stop(): Promise<void>
}

type Module = ProbeConfig['auth_modules'][string]

const section = 'exporters.postgres.probe'
const text = (status: number, body: string): ProbeReply => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
})

/** Seen by nobody but the reply: the request cannot be answered. */
const refusal = (status: number, body: string) => ({ refused: text(status, body) })

/**
 * Metrics of further servers, each named by the request and read with credentials named by the configuration.
 *
 * Whoever may ask `/probe` chooses where this process connects to and hands a password. Only servers that the
 * configuration lists can be reached, therefore; without a list, none. A target never carries credentials or
 * parameters of its own, and neither replies nor the log ever show a password.
 */
export function createProbe(options: ProbeConfig, create: (url: string, log: Logger) => Exporter, log: Logger): Probe {
  const pool = createPool(parseDuration(options.idle), log)
  let stopped = false

  async function start(target: Target, module: string): Promise<Probed> {
    const named = withFields(log, { target: nameOf(target) })
    const exporter = create(await urlOf(target, options.auth_modules[module] as Module), named)
    return { exporter, runner: createRunner(exporter, named) }
  }

  return {
    async answer({ query, deadline }) {
      const asked = judge(query, options)
      if ('refused' in asked) return asked.refused
      const { target, module } = asked
      const key = `${module} ${nameOf(target)}`
      if (stopped) return text(503, 'stopping')
      if (!pool.has(key) && pool.size >= options.max_targets) {
        return text(503, `${pool.size} servers are probed already; raise ${section}.max_targets`)
      }
      try {
        const { runner } = await pool.use(key, () => start(target, module))
        const out = createExposition()
        await runner.scrape(filterOf(query), deadline, out)
        return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: out.text() }
      } catch (error) {
        log.warn({ err: error, target: nameOf(target) }, 'probe cannot begin')
        return text(500, `auth_module ${module} cannot be used; the log says why`)
      }
    },
    async stop() {
      stopped = true
      await pool.stop()
    },
  }
}

/** The server and module that a request means, or why it is refused. */
function judge(query: URLSearchParams, options: ProbeConfig) {
  if (options.targets.length === 0) {
    return refusal(403, `probing is off: list the servers that may be probed in ${section}.targets`)
  }
  const given = query.get('target')
  if (given === null || given === '') return refusal(400, 'target is missing: /probe?target=host:port&auth_module=name')
  if (given.includes('@')) {
    return refusal(400, `target must not carry credentials: put them in ${section}.auth_modules`)
  }
  const target = parseTarget(given)
  if (target === undefined) return refusal(400, 'target must be host, host:port or host:port/database')
  const modules = Object.keys(options.auth_modules)
  const module = query.get('auth_module') ?? 'default'
  if (!Object.hasOwn(options.auth_modules, module)) {
    const known = modules.length === 0 ? `none in ${section}.auth_modules` : `one of ${modules.join(', ')}`
    return refusal(400, `unknown auth_module; there is ${known}`)
  }
  if (!isAllowed(target, options.targets)) {
    return refusal(403, `this target is not among ${section}.targets`)
  }
  return { target, module }
}

const filterOf = (query: URLSearchParams): Filter => ({
  collect: query.getAll('collect[]'),
  exclude: query.getAll('exclude[]'),
})

async function urlOf({ host, port, database }: Target, module: Module): Promise<string> {
  const url = new URL(`postgresql://${host}:${port}`)
  url.username = encodeURIComponent(module.username)
  url.password = encodeURIComponent(await passwordOf(module))
  url.pathname = `/${encodeURIComponent(database ?? (module.database || 'postgres'))}`
  // With libpq's meaning of `require`: encrypted, and not verified.
  url.search = `?uselibpqcompat=true&sslmode=${module.sslmode ?? 'require'}`
  return url.href
}

async function passwordOf({ password, password_file: file }: Module): Promise<string> {
  return file ? (await readFile(file, 'utf8')).trimEnd() : (password ?? '')
}

function withFields(log: Logger, fields: object): Logger {
  return {
    debug: (more, message) => log.debug({ ...fields, ...more }, message),
    info: (more, message) => log.info({ ...fields, ...more }, message),
    warn: (more, message) => log.warn({ ...fields, ...more }, message),
    error: (more, message) => log.error({ ...fields, ...more }, message),
  }
}
