import type { Refusal, Sent } from '../account/request.ts'
import { waitText } from '../account/wait-text.ts'

/** What went wrong, in a line below a form. */
export function refusalText({ code, message, retryAfter, details }: Refusal): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  if (code === 'FORBIDDEN' && details['capability'] !== undefined)
    return `${sentence} The page “Why” says who could grant it.`
  return sentence + waitText(retryAfter)
}

/** What went wrong with an order, undefined when nothing did; `done` is called with a good answer. */
export function outcome<T>(sent: Sent<T>, done: (value: T) => void): string | undefined {
  if (sent.refusal !== undefined) return refusalText(sent.refusal)
  done(sent.value)
  return undefined
}
