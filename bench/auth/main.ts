import { runBench } from '../lib/bench.ts'
import { describeThisMachine } from '../lib/machine.ts'
import { audit } from './audit.ts'
import { decision } from './decision.ts'
import { request } from './request.ts'
import type { Effort, Section } from './section.ts'

/** In this order; each is loaded with its file. */
const sections: Readonly<Record<string, Section>> = { decision, audit, request }

const usage = `Usage: npm run bench:auth -- [--quick] [--only SECTION[,SECTION…]]

Measures what authorisation, the audit log and sessions cost on this machine, and prints what was promised and what was
reached. Exit code 0 also when a target is missed; 1 if it could not run.

  --quick   a tenth of the questions, writes and requests
  --only    some of: ${Object.keys(sections).join(', ')}`

await runBench<Effort>({
  name: 'bench:auth',
  usage,
  thorough: { count: 1_000_000 },
  quick: { count: 100_000 },
  sections: Object.keys(sections),
  async run(play, { print }) {
    print(`Aura's authorisation, audit log and sessions\n\n${describeThisMachine()}`)
    await play(sections)
  },
})
