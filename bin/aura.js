#!/usr/bin/env node
// Finds a Node that can run TypeScript, turns on the compile cache, and hands over to src/main.ts.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as modules from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const oldest = 24

if (Number(process.versions.node.split('.', 1)[0]) >= oldest) {
  // Without the cache every start would load the type stripper: 20 MB and a tenth of a second.
  modules.enableCompileCache(join(root, 'node_modules/.cache/aura'))
  await import('../src/main.ts')
} else {
  const own = join(root, 'node_modules/node/bin/node')
  if (!existsSync(own)) {
    console.error(
      `Aura needs Node ${oldest} or newer, this is ${process.version}. \`npm install\` here brings one along.`,
    )
    process.exit(1)
  }
  const child = spawn(own, [import.meta.filename, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}
