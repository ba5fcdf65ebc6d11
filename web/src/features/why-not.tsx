import { createResource, Show } from 'solid-js'
import type { Why } from '../../../src/features/governance/contract.ts'
import { useAccount } from '../account/context.ts'

/** `Ada, Grace or Edsger`; who could grant a right, or that nobody can. */
export function grantorsText(grantors: Why['grantors']): string {
  const names = grantors.map(({ name }) => name)
  if (names.length === 0) return 'Nobody who has an account can grant it at present.'
  const last = names.at(-1) ?? ''
  const list = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`
  return `${list} can grant it.`
}

const isWhy = (value: unknown): value is Why => Array.isArray((value as Why | undefined)?.grantors)

/** Why somebody may not do this, and whom to ask. Says nothing where the server does not. */
export function WhyNot(props: { readonly capability: string; readonly object?: string }) {
  const account = useAccount()
  const [why] = createResource(
    () => ({ capability: props.capability, object: props.object, user: account.view()?.user.id }),
    async ({ capability, object }) => {
      const body = { capability, ...(object !== undefined && { object }) }
      const sent = await account.send<unknown>('POST', '/api/governance/why', body)
      return sent.refusal === undefined && isWhy(sent.value) && !sent.value.allow ? sent.value : undefined
    },
  )
  return (
    <Show when={why.state === 'ready' && why()}>
      {(answer) => (
        <p>
          {answer().sentence} <strong>{grantorsText(answer().grantors)}</strong>
        </p>
      )}
    </Show>
  )
}

/** The words of a page that one has no right to. */
export const needed = (capability: string): string => `It takes the capability ${capability}.`
