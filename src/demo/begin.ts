import { obey } from './control/lines.ts'
import { listenForLines } from './control/socket.ts'
import { listenOnTerminal } from './control/terminal.ts'
import { clearSmallDisk } from './faults/disk-full.ts'
import { createFaultRunner, mostTime, type FaultRunner } from './faults/runner.ts'
import type { FaultName } from './faults/index.ts'
import type { CheckpointReceiver } from './stage/checkpoints.ts'
import { openDemoDatabase } from './stage/database.ts'
import { openSite, type Invite } from './stage/site.ts'
import type { Stage } from './stage/stage.ts'
import { startTraffic } from './traffic/index.ts'

/** What the demonstration must know of the Aura that has started. */
export interface Began {
  readonly consoleUrl: string
  readonly accounts: boolean
  /** Whether PostgreSQL is the embedded one. */
  readonly embedded: boolean
  readonly invite: Invite
  /** Faults to begin with, and for how long, ms. */
  readonly faults?: readonly FaultName[]
  readonly time?: number | undefined
  /** No visitors, and no work in PostgreSQL. */
  readonly alone?: boolean
  readonly input?: NodeJS.ReadStream
  readonly say: (text: string) => void
}

/** A demonstration in which something happens. */
export interface Playing {
  readonly faults: FaultRunner
  /** Ends traffic and faults, and removes what they made. */
  end(): Promise<void>
}

export interface Scenery extends Pick<Stage, 'ollama' | 'gpu' | 'directory'> {
  readonly checkpoints: CheckpointReceiver | undefined
}

const marked = (text: string): string => text.replaceAll(/^/gm, 'demo: ')

/** Begins traffic on an Aura that has started, the faults asked for, and listens for more. */
export async function begin(scenery: Scenery, began: Began): Promise<Playing> {
  const say = (text: string): void => began.say(marked(text))
  const stack = new AsyncDisposableStack()
  try {
    await clearSmallDisk(scenery.directory)
    const site = openSite(began.consoleUrl, began.accounts, began.alone ? undefined : began.invite)
    stack.defer(() => site.close())
    const database = began.embedded ? await openDemoDatabase(scenery.directory) : undefined
    if (database !== undefined) stack.defer(() => database.close())
    const stage: Stage = { ...scenery, site, database }
    stack.defer(startTraffic(stage, began.alone === true, (error) => say(`some traffic has ended: ${String(error)}`)))
    const faults = createFaultRunner(stage, say)
    stack.defer(() => faults.close())
    const answer = (line: string): Promise<string> => obey(line, faults)
    const socket = await listenForLines(scenery.directory, answer)
    if (socket !== undefined) stack.use(socket)
    if (began.input !== undefined) stack.defer(listenOnTerminal(began.input, answer, say))
    for (const name of began.faults ?? []) say(await faults.start(name, began.time ?? mostTime))
    return {
      faults,
      // Aura ends all the same.
      end: () =>
        stack.disposeAsync().catch((error: unknown) => say(`not everything was cleared away: ${String(error)}`)),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
