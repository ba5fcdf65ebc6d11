import { createHash } from 'node:crypto'
import { digest, isSecret, newSecret } from '../secrets.ts'

/** ms; somebody may have to look for a second factor. */
export const flowLife = 600_000

/** What a sign-in that is under way has to come back with. */
export interface Flow {
  readonly state: string
  readonly nonce: string
  /** Of PKCE: proves that whoever redeems the code asked for it. */
  readonly verifier: string
  readonly redirectUri: string
  /** Path to go to afterwards. */
  readonly to: string
  /** A session is to begin, one is to be confirmed, or an account is to be tied to its user. */
  readonly purpose: 'sign-in' | 'confirm' | 'link'
  /** Public id of the session for which it was begun; undefined for one that is to begin. */
  readonly session: string | undefined
  /** ms since the epoch. */
  readonly startedAt: number
}

export interface Flows {
  /** A flow, and the secret that ties it to a browser. */
  begin(about: Pick<Flow, 'redirectUri' | 'to' | 'purpose' | 'session'>): {
    readonly flow: Flow
    readonly secret: string
  }
  /** The flow that came back, if this browser began it; gone with the first try, whether that was right or wrong. */
  take(state: string, secret: string | undefined): Flow | undefined
  readonly size: number
}

const capacity = 10_000

/** S256 of PKCE. */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

/** In memory: a flow outlives neither ten minutes nor this process. `now`: ms. */
export function createFlows(now: () => number): Flows {
  const flows = new Map<string, { readonly flow: Flow; readonly browser: string }>()
  function makeRoom(): void {
    for (const [state, { flow }] of flows) {
      if (flow.startedAt + flowLife > now() && flows.size < capacity) return
      flows.delete(state)
    }
  }
  return {
    begin(about) {
      makeRoom()
      const secret = newSecret()
      const flow = { ...about, state: newSecret(), nonce: newSecret(), verifier: newSecret(), startedAt: now() }
      flows.set(flow.state, { flow, browser: digest(secret) })
      return { flow, secret }
    },
    take(state, secret) {
      makeRoom()
      const found = flows.get(state)
      if (found === undefined || secret === undefined || !isSecret(secret)) return undefined
      // A stranger who saw the address must not end what somebody else began.
      if (found.browser !== digest(secret)) return undefined
      flows.delete(state)
      return found.flow
    },
    get size() {
      return flows.size
    },
  }
}
