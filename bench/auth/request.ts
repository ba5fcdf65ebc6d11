import { Agent, request as send } from 'node:http'
import { fastify } from 'fastify'
import { systemCaller } from '../../src/auth/policy/check.ts'
import { rights } from '../../src/plugins/rights.ts'
import { startAccounts, startDatabase, type Accounts } from '../../tests/support/accounts.ts'
import { table } from '../lib/table.ts'
import { valueTarget } from '../lib/targets.ts'
import type { Section } from './section.ts'

const warmUp = 2000

interface Way {
  readonly name: string
  readonly port: number
  readonly headers: Record<string, string>
}

/** One request on a connection that stays open, µs; throws where it was not let in. */
function ask(agent: Agent, { name, port, headers }: Way): Promise<number> {
  return new Promise((resolve, reject) => {
    const before = process.hrtime.bigint()
    const asked = send({ agent, host: '127.0.0.1', port, path: '/read', headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`${name}: ${answer.statusCode}`))
        else resolve(Number(process.hrtime.bigint() - before) / 1000)
      })
    })
    asked.on('error', reject).end()
  })
}

/** The same route where there are no accounts. */
async function withoutAccounts() {
  const app = fastify({ forceCloseConnections: true })
  rights(app)
  app.get('/read', { config: { capability: 'system:read' } }, ({ principal }) => ({ id: principal?.id }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  return { app, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

async function waysOf(aura: Accounts, port: number): Promise<Way[]> {
  const id = await aura.person('bench', 'owner')
  const { cookie } = await aura.signIn('bench')
  const made = await aura.identity.accounts.createToken(systemCaller('bench'), { userId: id, name: 'bench' })
  return [
    { name: 'no accounts', port, headers: {} },
    { name: 'session', port: aura.port, headers: { cookie } },
    { name: 'token', port: aura.port, headers: { authorization: `Bearer ${made.secret}` } },
  ]
}

const at = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0

/** What session and rights add to a REST call: the same route with and without accounts, turn about. */
export const request: Section = async ({ count }, output) => {
  const rounds = Math.max(1000, Math.floor(count / 50))
  output.progress(`requests: ${rounds} of each way, turn about`)
  await using database = await startDatabase()
  await using aura = await startAccounts(database)
  const open = await withoutAccounts()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    const ways = await waysOf(aura, open.port)
    const times = ways.map((): number[] => [])
    for (let n = -warmUp; n < rounds; n++) {
      for (const [i, way] of ways.entries()) {
        const time = await ask(agent, way)
        if (n >= 0) times[i]?.push(time)
      }
    }
    const rows = ways.map(({ name }, i) => [
      name,
      at(times[i] ?? [], 0.5).toFixed(0),
      at(times[i] ?? [], 0.99).toFixed(0),
    ])
    output.print(`A REST call over a kept connection, µs\n\n${table([['', 'p50', 'p99'], ...rows])}`)
    const base = at(times[0] ?? [], 0.5)
    const added = (i: number): number => (at(times[i] ?? [], 0.5) - base) / 1000
    return [
      valueTarget('added by session and rights to a REST call, p50', 1, 'ms', added(1), 3),
      valueTarget('added by token and rights to a REST call, p50', 1, 'ms', added(2), 3),
    ]
  } finally {
    agent.destroy()
    await open.app.close()
  }
}
