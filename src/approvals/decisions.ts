import type { Transaction } from 'kysely'
import type { Caller } from '../auth/types.ts'
import type { Db, Schema } from '../database/schema.ts'
import type { RefusedError } from '../errors.ts'
import { whyNotApprove } from './checks.ts'
import type { LookUp } from './circumstances.ts'
import type { Journal, Step } from './journal.ts'
import * as refusals from './refusals.ts'
import { change, idsIn, lock, type Change, type Stored } from './store.ts'

type Tx = Transaction<Schema>

export interface DecisionDeps {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => number
  readonly reauthentication: number
  readonly changed: (approval: Stored) => void
  readonly circumstances: LookUp
}

/** Either the request as it is after the step, or why the step is refused. */
type Outcome = { readonly to: Change; readonly step: Step } | { readonly refusal: RefusedError; readonly log?: Step }

/** Judges a request under its row's lock, and takes the step or tells why not. */
function createTake({ db, journal, changed }: Pick<DecisionDeps, 'db' | 'journal' | 'changed'>) {
  return async (id: string, caller: Caller | undefined, judge: (tx: Tx, found: Stored) => Promise<Outcome>) => {
    const result = await db.transaction().execute(async (tx) => {
      const found = await lock(tx, id)
      if (found === undefined) throw refusals.noSuch()
      const outcome = await judge(tx, found)
      if ('refusal' in outcome) return { ...outcome, found }
      const made = await change(tx, id, outcome.to)
      await journal.step(tx, outcome.step, made, caller)
      return { made }
    })
    if ('made' in result) {
      changed(result.made)
      return result.made
    }
    if (caller !== undefined && result.log) await journal.denied(caller, result.log, result.found, result.refusal.code)
    throw result.refusal
  }
}

/** What people and time do to a request that waits. */
export function createDecisions(deps: DecisionDeps) {
  const { db, now, circumstances } = deps
  const take = createTake(deps)

  const decidedNow = (caller: Caller, comment: string) => ({
    decided_by: caller.id,
    decided_at: new Date(now()),
    comment: comment === '' ? null : comment,
  })

  async function expireOne(id: string): Promise<void> {
    await take(id, undefined, async (_tx, found) => {
      if (found.state !== 'pending' || found.expiresAt > now()) return { refusal: refusals.decided(found.state) }
      return { to: { state: 'expired' }, step: 'expire' }
    }).catch(ignoreRefusal)
  }

  return {
    approve: (caller: Caller, id: string, hash: string, comment: string): Promise<Stored> =>
      take(id, caller, async (tx, found) => {
        const about = { ...(await circumstances(caller, found, tx)), window: deps.reauthentication }
        const refusal = whyNotApprove(found, hash, about)
        // That a password is to be typed again is no attempt worth a line.
        if (refusal !== undefined)
          return refusal.code === 'REAUTHENTICATION_REQUIRED' ? { refusal } : { refusal, log: 'approve' }
        return { to: { state: 'approved', ...decidedNow(caller, comment) }, step: 'approve' }
      }),

    refuse: (caller: Caller, id: string, comment: string): Promise<Stored> =>
      take(id, caller, async (tx, found) => {
        const { kind } = await circumstances(caller, found, tx)
        if (!caller.decide(kind.approve, found.object).allow) {
          return { refusal: refusals.forbidden(kind.approve, found.object), log: 'refuse' }
        }
        if (caller.id === found.requestedBy) return { refusal: refusals.own(), log: 'refuse' }
        if (found.state !== 'pending') return { refusal: refusals.decided(found.state) }
        return { to: { state: 'refused', ...decidedNow(caller, comment) }, step: 'refuse' }
      }),

    withdraw: (caller: Caller, id: string): Promise<Stored> =>
      take(id, caller, async (_tx, found) => {
        if (caller.id !== found.requestedBy) return { refusal: refusals.notYours(), log: 'withdraw' }
        if (found.state !== 'pending') return { refusal: refusals.decided(found.state) }
        return { to: { state: 'withdrawn', decided_at: new Date(now()) }, step: 'withdraw' }
      }),

    async expire(): Promise<void> {
      for (const id of await idsIn(db, ['pending'], now())) await expireOne(id)
    },
  }
}

/** Somebody decided in the very moment in which it expired: theirs counts. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ALREADY_DECIDED') throw error
}
