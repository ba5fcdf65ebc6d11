import { RefusedError } from '../../errors.ts'
import type { RightsChange } from '../types.ts'
import type { PolicyEdit, PolicyNeeds } from './changes.ts'
import { checkEdit, type PolicyCaller } from './check.ts'
import { compile, type PolicyIndex } from './compile.ts'
import { type Change, diff } from './diff.ts'
import { actorOf, entriesOf } from './entries.ts'
import { refused } from './errors.ts'
import { loadPolicy, policyVersion, readPolicy } from './load.ts'
import { operations } from './operations.ts'
import { lastingOwners } from './owners.ts'
import { savePolicy } from './save.ts'
import { seed } from './seed.ts'
import type { PolicyStore, PolicyStoreOptions, Tx, Within } from './store-types.ts'
import { createWatch } from './watch.ts'

export type { PolicyStore, PolicyStoreOptions } from './store-types.ts'

const everybody = (_: Tx, ids: readonly string[]): Promise<readonly string[]> => Promise.resolve(ids)

/** The newest policy known, and who is told of a newer one. */
function createCurrent(first: PolicyIndex, { clock, log }: PolicyStoreOptions) {
  let index = first
  let seen = clock()
  const listeners = new Set<(change: RightsChange) => void>()
  const tell = (): void => {
    for (const listener of listeners) {
      try {
        listener({ userId: undefined, credential: undefined })
      } catch (error) {
        log.error({ err: error }, 'somebody who is told of changed rights failed')
      }
    }
  }
  return {
    get: () => index,
    adopt(newer: PolicyIndex): void {
      if (newer.policy.version <= index.policy.version) return
      index = newer
      tell()
    },
    /** Assignments end by the clock alone, and connections are asked again then too. */
    tick(): void {
      const now = clock()
      const end = index.nextExpiry(seen)
      seen = now
      if (end !== undefined && end <= now) tell()
    },
    onChange(listener: (change: RightsChange) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

interface Outcome {
  readonly after: PolicyIndex
  readonly changes: readonly Change[]
}

/** One change in a transaction: lock, read, check, write, audit. */
async function changeIn(
  tx: Tx,
  { audit, clock, active = everybody }: PolicyStoreOptions,
  caller: PolicyCaller,
  edit: PolicyEdit,
  requestId: string | undefined,
): Promise<Outcome> {
  const before = compile(await loadPolicy(tx, await policyVersion(tx, true)))
  const { after, why } = await checkEdit(caller, edit, before, (ids) => active(tx, ids), clock())
  const changes = diff(before.policy, after.policy)
  if (changes.length === 0) return { after: before, changes }
  await savePolicy(tx, changes, after.policy.version)
  for (const entry of entriesOf(changes, actorOf(caller), why)) {
    await audit.append(tx, { ...entry, ...(requestId !== undefined && { requestId }) })
  }
  return { after, changes }
}

/** Who tried what they may not is in the log too; that it cannot be written changes nothing about the refusal. */
async function recordRefusal(
  { audit, log }: PolicyStoreOptions,
  caller: PolicyCaller,
  [first]: readonly PolicyNeeds[],
  error: RefusedError,
): Promise<void> {
  if (first === undefined) return
  const action = first.capability.replace(':', '.')
  const { object } = first
  try {
    await audit.record({ actor: actorOf(caller), action, object, decision: 'deny', rule: error.message.slice(0, 500) })
  } catch (failure) {
    log.error({ err: failure }, 'a refused change of the policy could not be put into the audit log')
  }
}

/** Opens the policy: puts in what is shipped, reads it, and watches for changes by other processes until closed. */
export async function createPolicyStore(options: PolicyStoreOptions): Promise<PolicyStore> {
  const { db, audit, log, active = everybody, clock, every = 2000 } = options
  await seed(db, audit)
  const current = createCurrent(compile(await readPolicy(db)), options)
  const look = async (): Promise<void> => {
    if ((await policyVersion(db)) !== current.get().policy.version) current.adopt(compile(await readPolicy(db)))
  }
  const watch = createWatch(look, () => current.tick(), every, log)

  async function change(caller: PolicyCaller, edit: PolicyEdit, { tx, requestId }: Within = {}) {
    const run = (inner: Tx): Promise<Outcome> => changeIn(inner, options, caller, edit, requestId)
    try {
      const outcome = await (tx === undefined ? db.transaction().execute(run) : run(tx))
      if (tx === undefined) current.adopt(outcome.after)
      return outcome.changes
    } catch (error) {
      const denied = error instanceof RefusedError && error.statusCode === 403
      if (denied && tx === undefined) await recordRefusal(options, caller, edit.needs(current.get().policy), error)
      throw error
    }
  }

  return {
    compiled: () => current.get(),
    stale: () => watch.stale(),
    change,
    ...operations(change),
    async keepOwner(tx, without) {
      const index = compile(await loadPolicy(tx, await policyVersion(tx, true)))
      const left = lastingOwners(index, clock()).filter((id) => !without.includes(id))
      if ((await active(tx, left)).length === 0)
        throw refused('LAST_OWNER', 'this is the last owner: make another first')
    },
    refresh: () => watch.look(),
    onChange: (listener) => current.onChange(listener),
    close: () => watch.close(),
  }
}
