import type { Topic } from '../../realtime/types.ts'

/** A state topic: each top-level key of the contract is published when it has changed. */
export const topic = { name: 'alerts', class: 'state', capability: 'alerts:read' } as const satisfies Topic
