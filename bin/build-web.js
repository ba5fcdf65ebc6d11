// Builds the console into web/dist unless the one that is there was made from the same sources and packages.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const web = join(root, 'web')
const dist = join(web, 'dist')
const stamp = join(dist, '.stamp')

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

const wanted = fingerprint()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Building the console …')
  try {
    await build()
    writeFileSync(stamp, wanted)
  } catch (error) {
    console.error(`The console could not be built: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
