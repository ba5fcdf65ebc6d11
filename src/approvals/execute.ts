import type { Json } from '../audit/types.ts'
import type { Db } from '../database/schema.ts'
import { InvalidRequestError } from '../errors.ts'
import type { Logger } from '../lib/logger.ts'
import type { Journal } from './journal.ts'
import { change, lock, type Stored } from './store.ts'
import type { ApprovalKind } from './types.ts'

export interface ExecuteDeps {
  readonly db: Db
  readonly journal: Journal
  readonly log: Logger
  readonly kinds: ReadonlyMap<string, ApprovalKind>
  readonly changed: (approval: Stored) => void
}

/** A process that dies each time it tries must not try for ever. */
const mostAttempts = 3

/** Takes the next step before the act itself, in the log too: an act that cannot be logged does not begin. */
function begin({ db, journal }: ExecuteDeps, id: string): Promise<Stored | undefined> {
  return db.transaction().execute(async (tx) => {
    const found = await lock(tx, id)
    if (found === undefined || (found.state !== 'approved' && found.state !== 'running')) return undefined
    if (found.attempts >= mostAttempts) {
      const outcome = JSON.stringify({ error: `given up: Aura ended ${mostAttempts} times in the middle of it` })
      const failed = await change(tx, id, { state: 'failed', outcome })
      await journal.step(tx, 'fail', failed)
      return failed
    }
    const running = await change(tx, id, { state: 'running', attempts: found.attempts + 1 })
    await journal.step(tx, 'start', running)
    return running
  })
}

function end({ db, journal }: ExecuteDeps, id: string, state: 'done' | 'failed', outcome: Json): Promise<Stored> {
  return db.transaction().execute(async (tx) => {
    const ended = await change(tx, id, { state, outcome: JSON.stringify(outcome) })
    await journal.step(tx, state === 'done' ? 'done' : 'fail', ended)
    return ended
  })
}

/** Only what was meant for people is shown; the rest stays in the log. */
function reasonFor(error: unknown): string {
  return error instanceof InvalidRequestError ? error.message : 'it failed; the log of Aura says more'
}

async function act({ kinds, log }: ExecuteDeps, approval: Stored): Promise<['done' | 'failed', Json]> {
  const kind = kinds.get(approval.type)
  if (kind === undefined) return ['failed', { error: 'this Aura does not know how to do that' }]
  try {
    return ['done', await kind.execute(approval.args)]
  } catch (error) {
    log.error({ err: error, approval: approval.id, type: approval.type }, 'an approved act failed')
    return ['failed', { error: reasonFor(error) }]
  }
}

/** Does what was approved, and keeps what came of it. Called again after a crash in the middle, it does the rest. */
export async function execute(deps: ExecuteDeps, id: string): Promise<void> {
  const running = await begin(deps, id)
  if (running === undefined) return
  deps.changed(running)
  if (running.state !== 'running') return
  const [state, outcome] = await act(deps, running)
  deps.changed(await end(deps, id, state, outcome))
}
