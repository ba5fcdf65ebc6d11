import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort, isPortFree } from '../lib/free-port.ts'
import { createHttpGet } from '../lib/http-get.ts'
import type { Logger } from '../lib/logger.ts'
import { findProgram } from './find-program.ts'
import { endOrphan, writePidFile } from './pid-file.ts'
import { createSupervisor, type ChildStatus, type Supervisor } from './supervisor.ts'

/** A server of the Prometheus family that Aura runs beside itself. */
export interface ServiceSpec {
  readonly name: string
  /** Folder below the data directory, and name of the pid file. */
  readonly folder: string
  readonly enabled: boolean
  /** The configured program alone, or the names it goes by. */
  readonly programs: readonly string[]
  /** How to get it. */
  readonly install: string
  readonly port: number
  /** A page by which this kind of server is known, and whether an answer is its. */
  readonly known: { readonly path: string; matches(body: string): boolean }
  /** Arguments for a start on this port; may write files into `folder`. Asked anew at every start. */
  args(port: number, folder: string): Promise<string[]>
}

export interface ServiceDeps {
  readonly dataDir: string
  /** $PATH. */
  readonly searchPath: string
  readonly log: Logger
}

export interface Service {
  readonly name: string
  readonly status: ChildStatus
  /** `127.0.0.1:9090`; undefined where there is none to talk to. */
  readonly address: string | undefined
  /** Resolves when it is known how the first start went. */
  readonly settled: Promise<ChildStatus>
  stop(): Promise<void>
}

/** A service that Aura does not run: switched off, not installed, or someone else's. */
function notOurs(name: string, status: ChildStatus, address?: string): Service {
  return { name, status, address, settled: Promise.resolve(status), stop: () => Promise.resolve() }
}

const get = createHttpGet(1000)

async function isKind({ known }: ServiceSpec, port: number): Promise<boolean> {
  // Whatever does not answer, or does not speak HTTP, is not of the kind.
  const answer = await get(`http://127.0.0.1:${port}${known.path}`).catch(() => undefined)
  return answer?.status === 200 && known.matches(answer.body)
}

function supervise(spec: ServiceSpec, program: string, port: number, { dataDir, log }: ServiceDeps): Supervisor {
  const folder = join(dataDir, spec.folder)
  const pidFile = join(dataDir, `${spec.folder}.pid`)
  return createSupervisor(
    {
      name: spec.name,
      async command() {
        mkdirSync(folder, { recursive: true })
        const args = await spec.args(port, folder)
        // Not Aura's own environment, which may hold secrets.
        return { program, args, cwd: folder, env: { HOME: folder }, deathSignal: 'TERM' }
      },
      probe: {
        every: 100,
        check: async () => (await get(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined))?.status === 200,
      },
      // Prometheus replays its write-ahead log first, which takes minutes when there is much of it.
      readyWithin: 600_000,
      stopBy: [
        ['SIGTERM', 10_000],
        ['SIGKILL', 0],
      ],
      onStart: (pid) => writePidFile(pidFile, pid, program),
      onStop: () => rmSync(pidFile, { force: true }),
    },
    log,
  )
}

/**
 * Decides what to do about one service and, if it is to be ours, starts it; does not wait until it is ready. Never
 * throws: Aura runs without it, and its state says why.
 */
export async function startService(spec: ServiceSpec, deps: ServiceDeps): Promise<Service> {
  try {
    return await decide(spec, deps)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    deps.log.warn({ err: error }, `${spec.name} could not be started, and Aura runs without it: ${reason}`)
    return notOurs(spec.name, { state: 'failed', reason, restarts: 0 })
  }
}

async function decide(spec: ServiceSpec, deps: ServiceDeps): Promise<Service> {
  const { name } = spec
  const { log } = deps
  if (!spec.enabled) return notOurs(name, { state: 'absent', reason: 'switched off', restarts: 0 })
  const orphan = await endOrphan(join(deps.dataDir, `${spec.folder}.pid`))
  if (orphan !== undefined) log.warn({}, `ended a ${name} that a killed Aura had left behind (pid ${orphan})`)
  const free = await isPortFree(spec.port)
  if (!free && (await isKind(spec, spec.port))) {
    const address = `127.0.0.1:${spec.port}`
    log.info({}, `${name} already runs on port ${spec.port} and is used; Aura starts none of its own`)
    return notOurs(name, { state: 'foreign', reason: 'runs already, not started by Aura', restarts: 0 }, address)
  }
  const program = findProgram(spec.programs, deps.searchPath)
  if (program === undefined) {
    log.warn({}, `${name} is not installed, and Aura runs without it; to get it: ${spec.install}`)
    return notOurs(name, { state: 'absent', reason: `not installed: ${spec.install}`, restarts: 0 })
  }
  const port = free ? spec.port : await findFreePort(spec.port + 1)
  if (port === undefined) throw new Error(`no free port for ${name} above ${spec.port}`)
  if (!free) log.warn({}, `port ${spec.port} is in use by another program; ${name} takes ${port}`)
  const supervisor = supervise(spec, program, port, deps)
  return {
    name,
    get status() {
      return supervisor.status
    },
    address: `127.0.0.1:${port}`,
    settled: supervisor.start(),
    stop: () => supervisor.stop(),
  }
}
