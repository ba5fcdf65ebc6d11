/**
 * Every right there is, as `resource:action`, with what it lets its holder do. The list is closed: a route or topic
 * that asks for anything else does not compile, and nobody can be given it.
 */
export const capabilities = {
  'system:read': 'See the state of this machine: processors, memory, disks, network, temperatures, GPUs.',
  'database:read': 'See the state of PostgreSQL: connections, locks, sizes, slow statements.',
  'models:read': 'See which models Ollama has, and which are loaded.',
  'alerts:read': 'See the alerts that are pending or firing.',
  'metrics:read': 'Ask for the history of metrics.',
  'connections:read': 'See who is connected to the live bridge, and how it fares.',
} as const satisfies Readonly<Record<`${string}:${string}`, string>>

export type Capability = keyof typeof capabilities

/** Whether a name is on the list; names such as `toString` are not. */
export const isCapability = (name: string): name is Capability => Object.hasOwn(capabilities, name)
