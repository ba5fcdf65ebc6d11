// Fills Node's compile cache while the image is built: its file system is read-only later, and without the cache every
// start would strip the types of every file. Same folder as in bin/aura.js.
import { readdirSync } from 'node:fs'
import * as modules from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const acts = /(^|\/)(main|generate|.*-process)\.ts$|^demo\//

modules.enableCompileCache(join(root, 'node_modules/.cache/aura'))
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !acts.test(file))
for (const file of files) await import(join(root, 'src', file))
modules.flushCompileCache()
console.log(`${files.length} files compiled`)
process.exit(0)
