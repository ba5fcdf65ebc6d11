import type { Topic } from '../../realtime/types.ts'

/** A state topic: each top-level key of the contract is published when it has changed. */
export const topic = { name: 'models', class: 'state', capability: 'models:read' } as const satisfies Topic
