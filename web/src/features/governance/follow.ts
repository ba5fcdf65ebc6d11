import type { Accessor } from 'solid-js'
import type { GovernanceNotice } from '../../../../src/features/governance/contract.ts'
import { useEvents } from '../../realtime/context.ts'
import { createLoaded, type Loaded } from '../loaded.ts'

/** Asked of the API, and again whenever the server says that something of these kinds has changed. */
export function createFollowed<T>(
  path: Accessor<string | undefined>,
  kinds: readonly GovernanceNotice['changed'][],
): Loaded<T> {
  const loaded = createLoaded<T>(path)
  useEvents('governance', ({ changed }) => kinds.includes(changed) && loaded.reload())
  return loaded
}
