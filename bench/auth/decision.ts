import { ordered } from '../../src/auth/policy/bits.ts'
import { compile } from '../../src/auth/policy/compile.ts'
import type { Assignment, CompiledPolicy, Policy, Role, Rule } from '../../src/auth/policy/types.ts'
import { table } from '../lib/table.ts'
import { valueTarget } from '../lib/targets.ts'
import type { Section } from './section.ts'

const roleCount = 1000
const userCount = 500

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const scopes = ['*', '*', 'model:*', 'model:llama*', 'model:llama3.2:3b', 'user:*']
const objects: readonly (string | undefined)[] = [
  undefined,
  'model:llama3.2:3b',
  'model:llama3:70b',
  'model:qwen3:4b',
  'user:9d2f',
]

const gift = (user: string, role: string, scope: string): Assignment => ({
  id: `${user} ${role}`,
  subject: { kind: 'user' as const, id: user },
  role,
  scope,
  expiresAt: undefined,
  grantedBy: 'setup',
})

/**
 * A tree of 1,000 roles, sixteen deep where it is deepest, with a few rules each. One user holds every one of them, each
 * for a model of its own, so that no entry makes another superfluous: the worst there is.
 */
function build(random: (below: number) => number): Policy {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const depth: number[] = []
  const roles = Array.from({ length: roleCount }, (_, i): Role => {
    const above = i === 0 ? -1 : Math.max(0, i - 1 - random(8))
    const fits = above >= 0 && (depth[above] ?? 0) < 15
    depth.push(fits ? (depth[above] ?? 0) + 1 : 0)
    const rules = Array.from({ length: 4 }, (): Rule => ({
      capability: pick(ordered),
      effect: random(8) === 0 ? 'deny' : 'allow',
      scope: pick(scopes),
    }))
    const parent = fits ? `r${above}` : undefined
    const [id, trust] = [`r${i}`, 50]
    return { id, name: id, description: '', parent, trust, rules, everything: false, builtIn: false, version: 1 }
  })
  const some = Array.from({ length: userCount * 3 }, (_, i) =>
    gift(`u${i % userCount}`, `r${random(roleCount)}`, pick(scopes)),
  )
  const assignments = [...some, ...roles.map(({ id }, i) => gift('all', id, `model:${i}`))]
  return { version: 1, roles, assignments, groups: [], separations: [] }
}

/** Each question timed by itself, µs, sorted; what reading the clock takes is part of it. */
function ask(
  policy: CompiledPolicy,
  users: readonly string[],
  about: readonly (string | undefined)[],
  count: number,
  random: (below: number) => number,
) {
  const times = new Float64Array(count)
  let allowed = 0
  for (let i = 0; i < count; i++) {
    const user = users[random(users.length)] as string
    const capability = ordered[random(ordered.length)] as (typeof ordered)[number]
    const object = about[random(about.length)]
    const before = process.hrtime.bigint()
    const { allow } = policy.decide(user, capability, object, 1000)
    times[i] = Number(process.hrtime.bigint() - before) / 1000
    if (allow) allowed += 1
  }
  return { times: times.toSorted(), allowed }
}

const at = (sorted: Float64Array, share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0

/** How long a decision takes: warm, for one who holds every role, and the first one after a change of the policy. */
export const decision: Section = ({ count }, output) => {
  output.progress(`decisions: ${count} questions over ${roleCount} roles`)
  const random = numbers(7)
  const policy = build(random)
  const started = performance.now()
  const index = compile(policy)
  const compiled = performance.now() - started
  const users = Array.from({ length: userCount }, (_, i) => `u${i}`)
  ask(index, users, objects, Math.min(count, 50_000), random)
  const warm = ask(index, users, objects, count, random)
  const models = Array.from({ length: roleCount }, (_, i) => `model:${i}`)
  ask(index, ['all'], models, Math.min(count, 50_000), random)
  const all = ask(index, ['all'], models, count, random)
  const fresh = compile(policy)
  const first = ask(fresh, users, objects, userCount, random)
  const row = (what: string, { times, allowed }: ReturnType<typeof ask>): string[] => [
    what,
    ...[0.5, 0.99, 0.999].map((share) => at(times, share).toFixed(2)),
    `${((100 * allowed) / times.length).toFixed(0)} %`,
  ]
  output.print(
    `Decisions at ${roleCount} roles, µs; compiling the policy took ${compiled.toFixed(1)} ms\n\n${table([
      ['', 'p50', 'p99', 'p99.9', 'allowed'],
      row('users with three roles', warm),
      row('a user with all roles, each for another model', all),
      row('right after a change of the policy', first),
    ])}`,
  )
  return Promise.resolve([valueTarget(`decision at ${roleCount} roles, p99`, 5, 'µs', at(warm.times, 0.99), 2)])
}
