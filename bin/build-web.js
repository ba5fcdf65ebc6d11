// Builds the console into web/dist unless the one that is there was made from the same sources and packages.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const web = join(root, 'web')
const dist = join(web, 'dist')
const stamp = join(dist, '.stamp')
const lock = join(root, 'node_modules/.aura-console-building')

/** Every file that the build depends on: all of web but its output and its tests, the contracts, the lock file. */
function sources() {
  const own = readdirSync(web, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(dist + sep) && !path.startsWith(join(web, 'tests') + sep))
  return [...own.toSorted(), join(root, 'src/features/contracts.ts'), join(root, 'package-lock.json')]
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const path of sources())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** Runs Vite; without its development dependencies Aura starts all the same, and says where the console is. */
async function build() {
  // Whatever it was started with (a test, a shell): the console is built the way it is served.
  process.env['NODE_ENV'] = 'production'
  const { build: run } = await import('vite')
  await run({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' })
}

const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted

/** Longer than any build takes, ms. */
const longest = 300_000

/** Whether the lock's holder ended without taking it away. A lock that is gone by now may be taken as well. */
function abandoned() {
  try {
    // Its number may be another program's by now.
    if (Date.now() - statSync(lock).mtimeMs > longest) return true
    process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT'
  }
}

/** Two at once would write into each other's output: the second waits, and then finds it done. */
async function alone(run) {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (abandoned()) rmSync(lock, { force: true })
    else await sleep(200)
  }
  try {
    await run()
  } finally {
    rmSync(lock, { force: true })
  }
}

const wanted = fingerprint()

async function buildUnlessThere() {
  if (isBuilt()) return
  console.error('Building the console …')
  await build()
  writeFileSync(stamp, wanted)
}

if (!isBuilt()) {
  try {
    await alone(buildUnlessThere)
  } catch (error) {
    console.error(`The console could not be built: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
