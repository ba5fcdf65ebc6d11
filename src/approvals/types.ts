import type { Json } from '../audit/types.ts'
import type { Capability } from '../auth/capabilities.ts'
import type { Caller } from '../auth/types.ts'

/** A kind of act that needs a second person. Slices hand theirs in at the start; the list is closed after it. */
export interface ApprovalKind {
  /** `model.delete`. */
  readonly type: string
  /** What it takes to ask for it, and what to let it happen. */
  readonly request: Capability
  readonly approve: Capability
  /** Refuses what cannot be done at all, before anybody is asked. Throws an `InvalidRequestError`. */
  check(args: Json): Promise<void>
  /** One line for people, without markup: `Delete model llama3.2:3b (2.0 GB)`. */
  describe(args: Json): string
  /** What it touches, for rules with a scope: `model:llama3.2:3b`. */
  object(args: Json): string
  /**
   * Does exactly what was approved, once. Runs after the approval was committed; its outcome is kept and audited. Must be
   * safe to find already done after a crash in the middle.
   */
  execute(args: Json): Promise<Json>
}

export type ApprovalState = 'pending' | 'approved' | 'running' | 'done' | 'failed' | 'refused' | 'expired' | 'withdrawn'

export interface Approval {
  readonly id: string
  readonly type: string
  readonly args: Json
  /** One line for people. */
  readonly summary: string
  readonly object: string
  /** SHA-256 over type, canonical arguments, requester and policy version: what an approver agrees to. */
  readonly hash: string
  readonly state: ApprovalState
  readonly requestedBy: string
  /** ms since the epoch. */
  readonly requestedAt: number
  readonly reason: string
  readonly expiresAt: number
  readonly decidedBy: string | undefined
  readonly decidedAt: number | undefined
  readonly comment: string | undefined
  readonly outcome: Json | undefined
}

/** Every refusal throws an error with a code that routes turn into an answer. */
export interface Approvals {
  request(caller: Caller, type: string, args: Json, reason: string): Promise<Approval>
  /**
   * Refused: by the one who asked, with another hash, after expiry, twice, without the right at this moment, or by a
   * caller who has not proved who they are lately. Then executes.
   */
  approve(caller: Caller, id: string, hash: string, comment: string): Promise<Approval>
  refuse(caller: Caller, id: string, comment: string): Promise<Approval>
  withdraw(caller: Caller, id: string): Promise<Approval>
  get(id: string): Promise<Approval | undefined>
  /** Newest first. */
  list(filter: {
    readonly state?: ApprovalState
    readonly before?: string
    readonly limit: number
  }): Promise<readonly Approval[]>
}
