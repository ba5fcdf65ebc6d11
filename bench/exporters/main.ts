import { runBench } from '../lib/bench.ts'
import { exporters, makeOurs } from './contenders.ts'
import { describeMachine } from './machine.ts'
import { findPostgres, makePostgres, type PostgresServer } from './postgres.ts'
import { host } from './sections/host.ts'
import { createMemorySection } from './sections/memory.ts'
import { createPostgresSection } from './sections/postgres.ts'
import type { Effort, Section } from './sections/section.ts'
import { createStartSection } from './sections/start.ts'

const usage = `Usage: npm run bench:exporters -- [--quick] [--only SECTION[,SECTION…]]

Compares \`aura exporter\` with node_exporter and postgres_exporter side by side on this machine, and prints what was
promised and what was reached. Exit code 0 also when a target is missed; 1 if it could not run.

  --quick   fewer scrapes: a first impression in about two minutes
  --only    some of: host, start, memory, postgres`

const thorough: Effort = {
  repeats: 5,
  hostScrapes: 500,
  postgresScrapes: 300,
  pacedSeconds: 30,
  starts: 7,
  memoryScrapes: 4000,
}
const quick: Effort = {
  repeats: 2,
  hostScrapes: 200,
  postgresScrapes: 100,
  pacedSeconds: 10,
  starts: 3,
  memoryScrapes: 1000,
}

function sectionsOf(server: PostgresServer | undefined): Record<string, Section> {
  return {
    host,
    start: createStartSection(server),
    memory: createMemorySection(server),
    // Last, because the databases it adds stay.
    postgres: createPostgresSection(server),
  }
}

/** The first start after a change of the code compiles it, and is slower and bigger for that; later ones are what users have. */
async function fillCompileCache(): Promise<void> {
  const aura = await makeOurs(exporters.join(','), '/metrics')
  await aura.stop()
}

await runBench<Effort>({
  name: 'bench:exporters',
  usage,
  thorough,
  quick,
  sections: Object.keys(sectionsOf(undefined)),
  async run(play, output) {
    const bin = findPostgres()
    const server = bin === undefined ? undefined : await makePostgres(bin)
    try {
      output.print(`Aura's exporters and their peers, side by side\n\n${describeMachine(server?.version)}`)
      await fillCompileCache()
      await play(sectionsOf(server))
    } finally {
      await server?.stop()
    }
  },
})
