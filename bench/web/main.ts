import { loadavg } from 'node:os'
import { chromium, type Browser } from 'playwright-core'
import { median } from '../lib/statistics.ts'
import { table } from '../lib/table.ts'
import { valueTarget, type Verdict } from '../lib/targets.ts'
import { runBench, type Output } from '../lib/bench.ts'
import { startDemo } from './aura.ts'
import { feel, scriptsOf, slowdown, type Felt } from './measure.ts'

const usage = `Usage: npm run bench:web -- [--quick] [--only SECTION[,SECTION…]] [--chromium PATH]

Loads every page of the console in headless Chromium: JavaScript of a first load, largest paint and long tasks on a
processor slowed down ${slowdown} times. Prints what was promised and what was reached. Exit code 0 also when a target
is missed; 1 if it could not run.

  --quick     one visit of each page instead of three, watched for 10 s instead of 20 s
  --only      some of: scripts, visits
  --chromium  the browser, /usr/bin/chromium unless said`

const routes = ['/', '/models', '/settings/connections'] as const
const longest = (tasks: readonly number[]): number => Math.max(0, ...tasks)
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

async function weigh(browser: Browser, url: string, { print, progress }: Output): Promise<Verdict[]> {
  const found: Verdict[] = []
  for (const route of routes) {
    progress(`scripts of ${route}`)
    const scripts = await scriptsOf(browser, url, route)
    const rows = [...scripts].map(([path, bytes]) => [path, bytes])
    print(`First load of ${route}\n\n${table([['script', 'bytes gzipped'], ...rows])}`)
    found.push(valueTarget(`JavaScript of ${route}, gzipped`, 90, 'kB', sum(scripts.values()) / 1000))
  }
  return found
}

async function visit(
  browser: Browser,
  url: string,
  { visits, seconds }: Effort,
  { print, progress }: Output,
): Promise<Verdict[]> {
  const found: Verdict[] = []
  const rows: (readonly (string | number)[])[] = []
  for (const route of routes) {
    const felt: Felt[] = []
    for (let number = 1; number <= visits; number++) {
      progress(`${route}, visit ${number} of ${visits}, load of this machine ${loadavg()[0]?.toFixed(1)}`)
      felt.push(await feel(browser, url + route, seconds))
    }
    const updating = felt.flatMap((each) => each.updating)
    rows.push([
      route,
      felt.map(({ paint }) => paint.toFixed(0)).join(' '),
      longest(felt.flatMap(({ loading }) => loading)).toFixed(0),
      updating.length,
      longest(updating).toFixed(0),
    ])
    found.push(valueTarget(`largest paint of ${route}`, 1500, 'ms', median(felt.map(({ paint }) => paint)), 0))
    found.push(valueTarget(`longest task of ${route}, updating`, 100, 'ms', longest(updating), 0))
  }
  const head = ['page', 'largest paint ms', 'longest task loading ms', 'tasks > 50 ms updating', 'longest ms']
  print(`${visits} visits, ${slowdown} x slower, ${seconds} s of updates each\n\n${table([head, ...rows])}`)
  return found
}

interface Effort {
  /** Of each page, and for how many seconds it is watched. */
  readonly visits: number
  readonly seconds: number
}

await runBench<Effort>({
  name: 'bench:web',
  usage,
  thorough: { visits: 3, seconds: 20 },
  quick: { visits: 1, seconds: 10 },
  options: { chromium: { type: 'string' } },
  sections: ['scripts', 'visits'],
  async run(play, _output, { chromium: executablePath = '/usr/bin/chromium' }) {
    await using demo = await startDemo()
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ]
    const browser = await chromium.launch({ executablePath: String(executablePath), args })
    try {
      await play({
        scripts: (_effort, output) => weigh(browser, demo.url, output),
        visits: (effort, output) => visit(browser, demo.url, effort, output),
      })
    } finally {
      await browser.close()
    }
  },
})
