import { execFile } from 'node:child_process'

/** A unit that systemd has in memory. What its kind does not have is undefined. */
export interface Unit {
  readonly name: string
  /** `loaded`, `not-found`, `masked`, … */
  readonly load: string
  readonly active: string
  /** Services and mounts: `simple`, `oneshot`, `ext4`, … */
  readonly type: string
  readonly restarts: number | undefined
  readonly accepted: number | undefined
  readonly connections: number | undefined
  readonly refused: number | undefined
  /** Timers: seconds since the epoch, 0 if never. */
  readonly lastTrigger: number | undefined
}

export interface Manager {
  /** As systemd writes it: `252.39-1~deb12u1`. */
  readonly version: string
  /** `running`, `degraded`, `starting`, … */
  readonly state: string
}

/** Blocks of `Key=value` lines, as `systemctl show` prints them, one block per unit. */
export function parseProperties(text: string): ReadonlyMap<string, string>[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.trim() !== '')
    .map(
      (block) =>
        new Map(
          block
            .trim()
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
    )
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** `@1763712000` (by --timestamp=unix), or nothing if the timer never ran. */
function epoch(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return text === '' || text === 'n/a' ? 0 : number(text.replace(/^@/, ''))
}

export function parseUnits(text: string): Unit[] {
  return parseProperties(text).map((properties) => ({
    name: properties.get('Id') ?? '',
    load: properties.get('LoadState') ?? '',
    active: properties.get('ActiveState') ?? '',
    type: properties.get('Type') ?? '',
    restarts: number(properties.get('NRestarts')),
    accepted: number(properties.get('NAccepted')),
    connections: number(properties.get('NConnections')),
    refused: number(properties.get('NRefused')),
    lastTrigger: epoch(properties.get('LastTriggerUSec')),
  }))
}

export function parseManager(text: string): Manager {
  const [properties] = parseProperties(text)
  return { version: properties?.get('Version') ?? '', state: properties?.get('SystemState') ?? '' }
}

/** Runs systemctl and gives what it prints; killed when `signal` aborts. */
export type Systemctl = (args: readonly string[], signal: AbortSignal) => Promise<string>

export const systemctl: Systemctl = (args, signal) =>
  new Promise((resolve, reject) => {
    execFile(
      'systemctl',
      ['--no-pager', '--no-ask-password', ...args],
      // Words of other languages and times of other places have no business in a parser.
      {
        signal,
        killSignal: 'SIGKILL',
        maxBuffer: 64 << 20,
        env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`systemctl ${args[0]}: ${stderr.trim() || error.message}`, { cause: error }))
      },
    )
  })

const wanted = 'Id,LoadState,ActiveState,Type,NRestarts,NAccepted,NConnections,NRefused,LastTriggerUSec'

export async function readUnits(run: Systemctl, signal: AbortSignal): Promise<Unit[]> {
  return parseUnits(await run(['show', '--timestamp=unix', `--property=${wanted}`, '*'], signal))
}

export async function readManager(run: Systemctl, signal: AbortSignal): Promise<Manager> {
  return parseManager(await run(['show', '--property=Version,SystemState'], signal))
}
