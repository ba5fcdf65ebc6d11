import { createSignal, type Accessor } from 'solid-js'
import type { AccountView } from '../../../src/features/account/contract.ts'
import { request, type Order, type Sent } from './request.ts'

/**
 * `unknown`: the server did not say; pages then show what it lets them. `anonymous`: nobody is signed in. `known`: `view`
 * says who.
 */
export type Standing = 'unknown' | 'loading' | 'anonymous' | 'known'

/** A question for the password that waits for an answer. */
export interface Confirmation {
  /** The password was given, or not. */
  readonly settle: (confirmed: boolean) => void
}

/** Who uses this page, and requests in their name. */
export interface Account {
  readonly standing: Accessor<Standing>
  readonly view: Accessor<AccountView | undefined>
  /** Whether a right is held, as far as is known: the server has the last word. */
  readonly may: (capability: string) => boolean
  readonly confirmation: Accessor<Confirmation | undefined>
  /** When the server last heard from this page, ms since the epoch. */
  readonly contact: Accessor<number>
  /** When `view` was read, ms since the epoch. */
  readonly readAt: Accessor<number>
  readonly reload: () => Promise<void>
  /** Somebody has signed in, or proved once more who they are. */
  readonly accept: (view: AccountView) => void
  /** The session is over. */
  readonly ended: () => void
  /**
   * Sends a request with what proves that this page sends it. Where the server wants the password first, it is asked for
   * and the request sent again; `CANCELLED` when the person would not.
   */
  readonly send: <T>(method: Order['method'], path: string, body?: unknown, signal?: AbortSignal) => Promise<Sent<T>>
}

const isAccount = (value: unknown): value is AccountView =>
  typeof (value as AccountView | undefined)?.user?.name === 'string' &&
  Array.isArray((value as AccountView).capabilities)

const cancelled = {
  refusal: { status: 0, code: 'CANCELLED', message: 'Nothing was changed: the password was not given.', details: {} },
}

/** One question at a time, whoever asks. */
function createConfirmation() {
  const [confirmation, setConfirmation] = createSignal<Confirmation>()
  let asked: Promise<boolean> | undefined
  const ask = (): Promise<boolean> =>
    (asked ??= new Promise<boolean>((resolve) => {
      setConfirmation({
        settle(confirmed) {
          asked = undefined
          setConfirmation(undefined)
          resolve(confirmed)
        },
      })
    }))
  return { confirmation, ask }
}

export function createAccount(): Account {
  const [standing, setStanding] = createSignal<Standing>('unknown')
  const [view, setView] = createSignal<AccountView>()
  const [contact, setContact] = createSignal(Date.now())
  const [readAt, setReadAt] = createSignal(0)
  const { confirmation, ask } = createConfirmation()
  const accept = (next: AccountView): void => {
    setView(next)
    setContact(Date.now())
    setReadAt(Date.now())
    setStanding('known')
  }
  const ended = (): void => {
    setView(undefined)
    setStanding('anonymous')
    confirmation()?.settle(false)
  }
  async function reload(): Promise<void> {
    if (standing() === 'unknown') setStanding('loading')
    const { value, refusal } = await request<unknown>({ method: 'GET', path: '/api/account' }).then(split)
    if (isAccount(value)) accept(value)
    else if (refusal?.status === 401) ended()
    else if (standing() === 'loading') setStanding('unknown')
  }
  const once = <T>(order: Order): Promise<Sent<T>> => request<T>({ ...order, csrf: view()?.csrf })
  async function send<T>(
    method: Order['method'],
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Sent<T>> {
    const order: Order = { method, path, body, signal }
    let sent = await once<T>(order)
    if (sent.refusal?.code === 'CSRF') {
      await reload()
      sent = await once<T>(order)
    }
    while (sent.refusal?.code === 'REAUTHENTICATION_REQUIRED') {
      if (!(await ask())) return cancelled
      sent = await once<T>(order)
    }
    const { refusal } = sent
    if (refusal?.status === 401 && refusal.code === 'UNAUTHENTICATED') ended()
    // What was held a moment ago is held no more.
    else if (refusal?.code === 'FORBIDDEN' && view() !== undefined && method !== 'GET') void reload()
    else if (refusal === undefined) setContact(Date.now())
    return sent
  }
  const may = (capability: string): boolean => view()?.capabilities.includes(capability) ?? true
  return { standing, view, may, confirmation, contact, readAt, reload, accept, ended, send }
}

const split = <T>(sent: Sent<T>) => ({ value: undefined, refusal: undefined, ...sent })
