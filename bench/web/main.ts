import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { chromium, type Browser } from 'playwright-core'
import { median } from '../exporters/statistics.ts'
import { table } from '../exporters/table.ts'
import { valueTarget, verdicts, type Verdict } from '../exporters/targets.ts'
import { startDemo } from './aura.ts'
import { feel, scriptsOf, slowdown, type Felt } from './measure.ts'

const usage = `Usage: npm run bench:web -- [--quick] [--chromium PATH]

Loads every page of the console in headless Chromium: JavaScript of a first load, largest paint and long tasks on a
processor slowed down ${slowdown} times. Prints what was promised and what was reached. Exit code 0 also when a target
is missed; 1 if it could not run.

  --quick     one visit of each page instead of three, watched for 10 s instead of 20 s
  --chromium  the browser, /usr/bin/chromium unless said`

const routes = ['/', '/models', '/settings/connections'] as const
const progress = (text: string): void => console.error(`… ${text}`)
const longest = (tasks: readonly number[]): number => Math.max(0, ...tasks)
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

async function weigh(browser: Browser, url: string): Promise<Verdict[]> {
  const found: Verdict[] = []
  for (const route of routes) {
    progress(`scripts of ${route}`)
    const scripts = await scriptsOf(browser, url, route)
    const rows = [...scripts].map(([path, bytes]) => [path, bytes])
    console.log(`First load of ${route}\n\n${table([['script', 'bytes gzipped'], ...rows])}\n`)
    found.push(valueTarget(`JavaScript of ${route}, gzipped`, 90, 'kB', sum(scripts.values()) / 1000))
  }
  return found
}

async function visit(browser: Browser, url: string, visits: number, seconds: number): Promise<Verdict[]> {
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
  console.log(`${visits} visits, ${slowdown} x slower, ${seconds} s of updates each\n\n${table([head, ...rows])}\n`)
  return found
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      chromium: { type: 'string', default: '/usr/bin/chromium' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return console.log(usage)
  await using demo = await startDemo()
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath: values.chromium, args })
  try {
    const weights = await weigh(browser, demo.url)
    const [visits, seconds] = values.quick === true ? [1, 10] : [3, 20]
    console.log(verdicts([...weights, ...(await visit(browser, demo.url, visits, seconds))]))
  } finally {
    await browser.close()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
