import type { Capability } from '../capabilities.ts'
import type { Role, Separation } from './types.ts'

/** What a role allows by itself, everywhere; the rest comes up from its juniors. */
interface Shipped extends Omit<Role, 'rules' | 'builtIn' | 'version' | 'everything'> {
  readonly allows: readonly Capability[]
}

/**
 * The roles that Aura comes with, one tree: owner > administrator > operator > analyst > member > viewer, and service
 * beside them below the administrator. A new capability belongs to the most junior role that should have it:
 * - viewer looks at what the machines do, and can change nothing;
 * - member uses the models: chat, votes in the arena, tokens for own programs;
 * - analyst sees what others did, to judge and to report;
 * - operator changes what runs: loads and deletes models, starts matches, handles incidents, approves;
 * - administrator decides who may do what;
 * - service is for programs: it reads numbers and delivers alerts.
 */
const tree: readonly Shipped[] = [
  {
    id: 'owner',
    name: 'Owner',
    description: 'Holds every right, those of later versions too. At least one person has this role.',
    parent: undefined,
    trust: 100,
    allows: [],
  },
  {
    id: 'administrator',
    name: 'Administrator',
    description: 'Decides who may do what: accounts, roles below their own, the audit log.',
    parent: 'owner',
    trust: 80,
    allows: ['role:edit', 'role:assign', 'user:read', 'user:edit', 'audit:export'],
  },
  {
    id: 'operator',
    name: 'Operator',
    description: 'Keeps things running: handles alerts and models, and approves what other operators ask for.',
    parent: 'administrator',
    trust: 60,
    allows: ['models:delete', 'action:request', 'action:approve', 'alert:ack'],
  },
  {
    id: 'analyst',
    name: 'Analyst',
    description: 'Sees everything that happened and who may do what, and changes nothing of it.',
    parent: 'operator',
    trust: 40,
    allows: ['connections:read', 'role:read', 'approval:read', 'audit:read', 'audit:verify'],
  },
  {
    id: 'member',
    name: 'Member',
    description: 'Uses the models, and may make tokens for programs of their own.',
    parent: 'analyst',
    trust: 20,
    allows: ['token:create'],
  },
  {
    id: 'viewer',
    name: 'Viewer',
    description: 'Looks at the machines, the models and their alerts.',
    parent: 'member',
    trust: 10,
    allows: ['system:read', 'database:read', 'models:read', 'alerts:read', 'metrics:read'],
  },
  {
    id: 'service',
    name: 'Service',
    description: 'For programs: reads metrics and states, hands in alerts, and learns nothing about people.',
    parent: 'administrator',
    trust: 5,
    allows: ['system:read', 'models:read', 'alerts:read', 'alerts:deliver', 'metrics:read'],
  },
]

/** The shipped roles as a database gets them at its first start. */
export const shippedRoles: readonly Role[] = tree.map(({ id, name, description, parent, trust, allows }) => ({
  id,
  name,
  description,
  parent,
  trust,
  rules: allows.map((capability) => ({ capability, effect: 'allow', scope: '*' })),
  everything: id === 'owner',
  builtIn: true,
  version: 1,
}))

/** The shipped separations: nobody approves what they asked for, whatever roles they have. */
export const shippedSeparations: readonly Separation[] = [
  {
    id: 'four-eyes-models',
    name: 'Deleting a model takes two people',
    kind: 'dynamic',
    members: ['models:delete', 'action:approve'],
    max: 1,
  },
]
