import { Socket } from 'node:net'
import { Client, type ClientConfig, type QueryArrayResult } from 'pg'
import { parse } from 'pg-connection-string'

/** One row as the server sends it: text, or null. */
export type Row = readonly (string | null)[]

export interface SessionOptions {
  readonly url: string
  /** Overrides the database of the URL. */
  readonly database?: string
  /** Milliseconds, in force before the first statement. */
  readonly statementTimeout: number
  readonly lockTimeout: number
  /** Prepare each statement once: right for a session that is kept, a waste for one that is not. */
  readonly prepare: boolean
}

/** One open connection to one database. Statements are pipelined: all that are asked in one tick leave in one packet. */
export interface Session {
  /** `server_version_num`, for instance 150013. */
  readonly version: number
  /** Text of `server_version`, for instance `15.13 (Debian 15.13-0+deb12u1)`. */
  readonly versionText: string
  readonly database: string
  /** `host:port`, or the socket folder and port. */
  readonly server: string
  readonly open: boolean
  /** The rows of one statement. When `signal` aborts, the whole connection is destroyed: never left to run on. */
  query(sql: string, signal?: AbortSignal, values?: readonly string[]): Promise<readonly Row[]>
  /** Settles when the socket is closed, for whatever reason. */
  readonly closed: Promise<void>
  /** Ends the session politely; the server is told, but not waited for longer than half a second. */
  close(): Promise<void>
  /** Cuts the socket at once; all statements under way reject with `reason`. */
  destroy(reason: Error): void
}

/** An attempt to connect. `reached` tells whether the network part is done, so that a server process may exist. */
export interface Attempt {
  readonly session: Promise<Session>
  readonly reached: boolean
  readonly cancel: (reason: Error) => void
}

type Parameters = ClientConfig & { pipeline?: boolean; stream?: () => Socket }

const types = { getTypeParser: () => (text: string) => text }
const names = new Map<string, string>()

/** pg's own connection object: the only place where start-up status and the (possibly TLS) stream are found. */
const wireOf = (client: Client): NodeJS.EventEmitter & { stream: Socket } =>
  (client as unknown as { connection: NodeJS.EventEmitter & { stream: Socket } }).connection

function nameOf(sql: string): string {
  let name = names.get(sql)
  if (name === undefined) names.set(sql, (name = `aura_${names.size + 1}`))
  return name
}

/** Start-up parameters: the URL's own, and what an exporter's session must be whatever the URL says. */
export function parametersOf(options: SessionOptions): Parameters {
  const parameters = parse(options.url) as unknown as Parameters
  return {
    ...parameters,
    ...(options.database === undefined ? {} : { database: options.database }),
    application_name: 'aura',
    keepAlive: true,
    pipeline: true,
  }
}

/**
 * Sent before anything else. Not among the start-up parameters: poolers refuse those, and there they would replace the
 * server's own defaults in pg_settings.reset_val, which is what we publish.
 */
const setUp = (options: SessionOptions): string =>
  `set statement_timeout = ${options.statementTimeout}; set lock_timeout = ${options.lockTimeout};
  set default_transaction_read_only = on; set jit = off; set search_path = pg_catalog; set timezone = 'UTC'`

/** `15.13 (Debian …)` -> 150013, `18beta1` -> 180000. */
export function versionNumber(text: string): number {
  const [, major = '0', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? []
  return Number(major) * 10_000 + Number(minor)
}

/** Starts to connect; the caller owns the attempt and, once it has succeeded, the session. */
export function openSession(options: SessionOptions): Attempt {
  const socket = new Socket()
  let reached = false
  socket.once('connect', () => {
    reached = true
  })
  let broken: Error | undefined
  const client = new Client({ ...parametersOf(options), stream: () => socket })
  const cut = (reason: Error): void => {
    broken ??= reason
    socket.destroy()
  }
  // Reported again by every statement under way; without a listener Node would end the process.
  client.on('error', (error) => {
    broken ??= error
  })
  let versionText = ''
  const wire = wireOf(client)
  wire.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
    if (status.parameterName === 'server_version') versionText = status.parameterValue
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
  })
  async function open(): Promise<Session> {
    try {
      await client.connect()
      await client.query(setUp(options))
      return sessionOf({ client, socket, closed, broken: () => broken, cut }, options, versionText)
    } catch (error) {
      socket.destroy()
      throw broken ?? error
    }
  }
  const session = open()
  return {
    session,
    get reached() {
      return reached
    },
    cancel: cut,
  }
}

interface Parts {
  readonly client: Client
  readonly socket: Socket
  readonly closed: Promise<void>
  readonly broken: () => Error | undefined
  readonly cut: (reason: Error) => void
}

function sessionOf(
  { client, socket, closed, broken, cut }: Parts,
  options: SessionOptions,
  versionText: string,
): Session {
  const { stream } = wireOf(client)
  let corked = false
  function cork(): void {
    if (corked) return
    corked = true
    stream.cork()
    process.nextTick(() => {
      corked = false
      stream.uncork()
    })
  }
  function send(sql: string, values: readonly string[] = []): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      cork()
      const query = { text: sql, values, rowMode: 'array', types, queryMode: 'extended' } as const
      const named = options.prepare ? { ...query, name: nameOf(sql) } : query
      client.query<string[]>(named as never, (error: Error | null, result: QueryArrayResult<string[]>) => {
        if (error === null) resolve(result.rows)
        else reject(broken() ?? error)
      })
    })
  }
  return {
    version: versionNumber(versionText),
    versionText,
    database: client.database ?? '',
    server: `${client.host}:${client.port}`,
    get open() {
      return broken() === undefined && !socket.destroyed
    },
    async query(sql, signal, values) {
      signal?.throwIfAborted()
      const onAbort = (): void => cut(signal?.reason as Error)
      signal?.addEventListener('abort', onAbort)
      try {
        return await send(sql, values)
      } finally {
        signal?.removeEventListener('abort', onAbort)
      }
    },
    closed,
    async close() {
      const timer = setTimeout(() => socket.destroy(), 500)
      await client.end()
      clearTimeout(timer)
    },
    destroy: cut,
  }
}
