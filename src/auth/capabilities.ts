/**
 * Every right there is, as `resource:action`, with what it lets its holder do. The list is closed: a route or topic
 * that asks for anything else does not compile, and nobody can be given it.
 */
export const capabilities = {
  'system:read': 'See the state of this machine: processors, memory, disks, network, temperatures, GPUs.',
  'database:read': 'See the state of PostgreSQL: connections, locks, sizes, slow statements.',
  'models:read': 'See which models Ollama has, and which are loaded.',
  'alerts:read': 'See the alerts that are pending or firing.',
  'alerts:deliver': 'Hand in alerts, as Alertmanager does.',
  'metrics:read': 'Ask for the history of metrics.',
  'connections:read': 'See who is connected to the live bridge, and how it fares.',
  'models:delete': 'Ask for the deletion of a model; a second person must approve.',
  'approval:read': 'See what was asked for that needs a second person, and what became of it.',
  'action:request': 'Ask for what needs a second person, as far as one may ask for the act itself.',
  'action:approve': 'Approve or refuse what others asked for, never what one asked for oneself.',
  'role:read': 'See roles, users, groups and who holds what.',
  'role:edit': 'Create, change and delete roles and separations of duty.',
  'role:assign': 'Give roles to users and groups, and take them away, below one’s own trust.',
  'user:read': 'See users, and the sessions and tokens of others.',
  'user:edit': 'Create, change, lock and erase users; end their sessions and tokens.',
  'token:create': 'Make API tokens for oneself, with no more rights than one has.',
  'audit:read': 'Read the audit log and security alerts.',
  'audit:export': 'Take the audit log along as a file; doing so is itself in the log.',
  'audit:verify': 'Have the chain of the audit log checked.',
  'alert:ack': 'Acknowledge security alerts.',
} as const satisfies Readonly<Record<`${string}:${string}`, string>>

export type Capability = keyof typeof capabilities

/** Whether a name is on the list; names such as `toString` are not. */
export const isCapability = (name: string): name is Capability => Object.hasOwn(capabilities, name)
