import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, RouteShorthandOptions } from 'fastify'

export interface WebOptions {
  /** The built console, absolute: `web/dist`. */
  readonly root: string
}

/** The pages of the console, and no other addresses: a typo elsewhere is 404, not a page. */
const pages = [
  '/',
  '/models',
  '/settings',
  '/settings/*',
  '/governance',
  '/governance/*',
  '/sign-in',
  '/setup',
  '/invitation',
]

// Anyone may load the console: what it shows is guarded where it comes from.
const open = { config: { capability: 'public' as const }, schema: { hide: true } }

const year = 31_536_000_000

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Aura</title>
<h1>The console is not built yet</h1>
<p>Run <code>node bin/build-web.js</code> where Aura is installed, then load this page again.
The API and the metrics work without it.</p></html>
`

function sendPage(reply: FastifyReply, built: () => boolean): FastifyReply {
  void reply.header('cache-control', 'no-cache')
  if (built()) return reply.sendFile('index.html', { cacheControl: false })
  return reply.code(503).header('retry-after', '10').type('text/html; charset=utf-8').send(notBuilt)
}

/**
 * Serves the built console: files with a hash in their name for ever, the page itself checked each time, compressed
 * beforehand. A build that comes later is found without a restart.
 */
async function web(app: FastifyInstance, { root }: WebOptions): Promise<void> {
  const built = (): boolean => existsSync(join(root, 'index.html'))
  if (!built()) app.log.warn(`the console is not built (no ${join(root, 'index.html')}): run node bin/build-web.js`)
  await app.register(async (scope) => {
    await scope.register(fastifyStatic, { root, serve: false, preCompressed: true, suppressWarning: true })
    scope.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) =>
      reply.sendFile(`assets/${request.params['*']}`, { maxAge: year, immutable: true }),
    )
    for (const file of ['/theme.js', '/icon.svg', '/runbook.html', '/runbook.css'])
      scope.get(file, open, (_request, reply) =>
        reply.header('cache-control', 'no-cache').sendFile(file.slice(1), { cacheControl: false }),
      )
    for (const page of pages)
      scope.get(page, open satisfies RouteShorthandOptions, (_request, reply) => sendPage(reply, built))
  })
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(web, { [Symbol.for('skip-override')]: true })
