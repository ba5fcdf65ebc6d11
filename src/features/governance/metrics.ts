import { Gauge, type Registry } from 'prom-client'
import type { PolicyStore } from '../../auth/policy/store-types.ts'
import type { Db } from '../../database/schema.ts'

const states = ['invited', 'active', 'locked'] as const

/** A gauge that is asked at each scrape; what cannot be counted then is absent. */
function counted(register: Registry, name: string, help: string, count: () => Promise<number> | number): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      gauge.reset()
      await Promise.resolve()
        .then(count)
        .then(
          (value) => gauge.set(value),
          () => gauge.remove(),
        )
    },
  })
  register.registerMetric(gauge)
}

function users(register: Registry, db: Db): void {
  const gauge: Gauge<'state'> = new Gauge({
    name: 'aura_users',
    help: 'Users by state; erased ones are not counted.',
    labelNames: ['state'],
    registers: [],
    async collect() {
      const rows = await db
        .selectFrom('aura.user')
        .select((eb) => ['state', eb.fn.countAll<string>().as('n')])
        .groupBy('state')
        .execute()
        .catch(() => undefined)
      gauge.reset()
      if (rows === undefined) return
      for (const state of states) gauge.set({ state }, Number(rows.find((row) => row.state === state)?.n ?? 0))
    },
  })
  register.registerMetric(gauge)
}

async function living(db: Db, table: 'aura.session' | 'aura.token', now: number): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date(now))]))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** `aura_policy_*`, `aura_users`, `aura_sessions`, `aura_tokens`: how things stand at each scrape. */
export function governanceMetrics(
  register: Registry,
  { db, policy, now }: { readonly db: Db; readonly policy: PolicyStore; readonly now: () => number },
): void {
  const standing = () => policy.compiled().policy
  counted(register, 'aura_policy_version', 'Version of the policy; grows with each change.', () => standing().version)
  counted(register, 'aura_policy_roles', 'Roles.', () => standing().roles.length)
  counted(register, 'aura_policy_assignments', 'Assignments of roles that have not expired.', () => {
    const at = now()
    return standing().assignments.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > at).length
  })
  counted(
    register,
    'aura_policy_stale',
    '1 while the policy cannot be read again, and the last one known goes on.',
    () => (policy.stale() === undefined ? 0 : 1),
  )
  users(register, db)
  counted(register, 'aura_sessions', 'Sessions that have not expired.', () => living(db, 'aura.session', now()))
  counted(register, 'aura_tokens', 'API tokens that have not expired.', () => living(db, 'aura.token', now()))
}
