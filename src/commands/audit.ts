import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { verdictOn } from '../audit/checker.ts'
import { ownCheckpoints, parseCheckpoints } from '../audit/checkpoints.ts'
import { exportLines, formats, type ExportFormat } from '../audit/export.ts'
import { createAudit } from '../audit/index.ts'
import { parsePublicKeys, publicKeys, rotateKey } from '../audit/keys.ts'
import { auditRows } from '../audit/query.ts'
import type { AuditEntry, AuditRow } from '../audit/types.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { handOver } from '../database/audit-owner.ts'
import type { Db } from '../database/schema.ts'
import { ConfigError, StartError } from '../errors.ts'
import { createLogger } from '../log/pino.ts'
import { openBeside } from './beside.ts'

export const usage = `Usage: aura audit verify [--checkpoints FILE] [--public-key FILE]
       aura audit export [--format jsonl|csv] [--from TIME] [--to TIME]
       aura audit key
       aura audit rotate-key
       aura audit owner

  verify      reads the whole chain and says up to where it is as it was written, or which row is the first that is not
              and what is wrong with it. Checkpoints and keys are those of the data directory, unless others are named:
              those that left this machine prove what nobody on it can forge.
  export      to standard output, oldest first; from TIME on and before TIME, such as 2026-11-01 or 2026-11-01T12:00:00Z
  key         the public keys that checkpoints are signed with, the present one first: keep them elsewhere
  rotate-key  another key from the next start on; what the one before signed stays good
  owner       for a PostgreSQL of your own: SQL that a superuser runs once in Aura's database, so that Aura's own role can
              read and add to the log but not change it (the embedded PostgreSQL is set up so)

What is verified and exported is itself in the log. Works whether Aura runs or not.
Exit code of verify: 0 the chain is whole, 1 it is not. Options of every command: --config FILE`

const options = {
  config: { type: 'string' },
  checkpoints: { type: 'string' },
  'public-key': { type: 'string' },
  format: { type: 'string', default: 'jsonl' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const

type Wish = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values']

interface AtHand {
  readonly db: Db
  readonly dataDir: string
  /** Puts what is done here into the log, as done by whoever sits at this machine. */
  record(entry: Pick<AuditEntry, 'action' | 'decision' | 'after'>): Promise<number>
}

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`)
  })

async function keysOf({ dataDir }: Pick<AtHand, 'dataDir'>, path: string | undefined) {
  if (path !== undefined) return parsePublicKeys(await read(path), path)
  const own = publicKeys(dataDir)
  if (own === undefined) throw new StartError(`${dataDir} has no key yet: name one with --public-key`)
  return parsePublicKeys(own, dataDir)
}

async function verify(atHand: AtHand, { checkpoints: path, 'public-key': keyPath }: Wish): Promise<number> {
  const keys = await keysOf(atHand, keyPath)
  const checkpoints =
    path === undefined ? ownCheckpoints(atHand.dataDir, keys) : parseCheckpoints(await read(path), keys)
  const signed = () => new Map(checkpoints.map(({ seq, hash }) => [seq, hash]))
  const { verified, broken } = await verdictOn({ db: atHand.db, keys, signed })
  await atHand.record({
    action: 'audit.verify',
    decision: 'none',
    after: { verifiedTo: verified.seq, checkpoints: checkpoints.length, ...(broken && { broken }) },
  })
  if (broken !== undefined) {
    console.error(`row ${broken.seq}: ${broken.what}; everything before it is as it was written`)
    return 1
  }
  const last = checkpoints.at(-1)
  const until = last === undefined ? 'no checkpoint was signed yet' : `signed up to row ${last.seq} on ${last.time}`
  console.log(`verified up to row ${verified.seq}; ${until}`)
  return 0
}

function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new ConfigError(`${name} takes a time such as 2026-11-01 or 2026-11-01T12:00:00Z`)
  return time
}

const isFormat = (text: string): text is ExportFormat => formats.some((one) => one === text)

async function* counted(rows: AsyncIterable<AuditRow>, count: { rows: number }): AsyncGenerator<AuditRow> {
  for await (const row of rows) {
    count.rows++
    yield row
  }
}

async function exportAll(atHand: AtHand, { format, from, to }: Wish): Promise<number> {
  if (!isFormat(format)) throw new ConfigError(`--format takes ${formats.join(' or ')}`)
  const [since, until] = [timeOf('--from', from), timeOf('--to', to)]
  const span = { ...(since !== undefined && { from: since }), ...(until !== undefined && { until }) }
  const about = { action: 'audit.export', decision: 'allow' } as const
  await atHand.record({ ...about, after: { format, ...span } })
  const count = { rows: 0 }
  // A reader that went away (`| head`) ends it, and what it got is still written down.
  let gone = false
  process.stdout.once('error', () => (gone = true))
  for await (const line of exportLines(counted(auditRows(atHand.db, span), count), format)) {
    if (gone) break
    if (!process.stdout.write(line)) await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')])
  }
  await atHand.record({ ...about, decision: 'none', after: { rows: count.rows, complete: !gone } })
  return gone ? 1 : 0
}

async function beside(config: Config, act: (atHand: AtHand) => Promise<number>): Promise<number> {
  const log = createLogger({ ...config.log, level: 'error' })
  const { db, close } = await openBeside(config, log)
  try {
    const audit = await createAudit({ db, log, clock: Date.now })
    const actor = { id: `os:${userInfo().username}` }
    try {
      return await act({
        db,
        dataDir: resolve(config.data_dir),
        record: (entry) => audit.record({ actor, ...entry }),
      })
    } finally {
      await audit.close()
    }
  } finally {
    await close()
  }
}

function showKeys(dataDir: string): number {
  const keys = publicKeys(dataDir)
  if (keys === undefined) throw new StartError(`${dataDir} has no key yet: it is made at the first start`)
  console.log(keys.trimEnd())
  return 0
}

function showOwner({ database: { url } }: Config): number {
  if (url === '') throw new StartError('the embedded PostgreSQL is set up so at every start')
  console.log(handOver(decodeURIComponent(new URL(url).username)))
  return 0
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const { config } = await loadConfig(values.config, process.env)
  const dataDir = resolve(config.data_dir)
  if (positionals.length === 1) {
    if (positionals[0] === 'verify') return beside(config, (atHand) => verify(atHand, values))
    if (positionals[0] === 'export') return beside(config, (atHand) => exportAll(atHand, values))
    if (positionals[0] === 'key') return showKeys(dataDir)
    if (positionals[0] === 'owner') return showOwner(config)
    if (positionals[0] === 'rotate-key') {
      rotateKey(dataDir)
      return showKeys(dataDir)
    }
  }
  throw new ConfigError(usage)
}
