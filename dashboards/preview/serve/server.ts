import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { boardsFolder, bundleFolder, modulesFolder, previewFolder } from './places.ts'
import type { Prometheus } from './prometheus.ts'

export interface PreviewServer extends AsyncDisposable {
  /** Address of the page. */
  readonly url: string
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'",
}

/** What of Prometheus may be asked; all of it only reads. */
const asked = /^\/api\/v1\/(query|query_range|series|labels)$/

const page: Readonly<Record<string, string>> = {
  '/': join(previewFolder, 'page/index.html'),
  '/start.js': join(previewFolder, 'page/start.js'),
  '/page.css': join(previewFolder, 'page/page.css'),
  '/preview.js': join(bundleFolder, 'preview.js'),
  '/preview.css': join(bundleFolder, 'preview.css'),
}

/** The file that a path stands for; undefined if it stands for none. */
function fileOf(path: string): string | undefined {
  const [, board] = /^\/boards\/([\w-]+)$/.exec(path) ?? []
  if (board !== undefined) return join(boardsFolder, `${board}.json`)
  const [, icon] = /^\/public\/build\/img\/icons\/([\w/-]+\.svg)$/.exec(path) ?? []
  if (icon !== undefined) return join(modulesFolder, '@grafana/ui/dist/public/img/icons', normalize(icon))
  return Object.hasOwn(page, path) ? page[path] : undefined
}

/** Names and titles of the boards, the overview first. */
function boardList(): { readonly name: string; readonly title: string }[] {
  const found = readdirSync(boardsFolder).map((file) => {
    const { title } = JSON.parse(readFileSync(join(boardsFolder, file), 'utf8')) as { title: string }
    return { name: file.replace('.json', ''), title }
  })
  const rank = ({ name, title }: (typeof found)[number]): string => (name === 'overview' ? '' : title)
  return found.toSorted((one, other) => rank(one).localeCompare(rank(other)))
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { ...headers, 'content-type': type }).end(body)
}

async function pass(target: string, response: ServerResponse): Promise<void> {
  try {
    const told = await fetch(target, { signal: AbortSignal.timeout(30_000), redirect: 'error' })
    send(response, told.status, 'application/json', Buffer.from(await told.arrayBuffer()))
  } catch (error) {
    send(response, 502, 'application/json', JSON.stringify({ status: 'error', error: `Prometheus: ${String(error)}` }))
  }
}

async function answer({ url = '/', method }: IncomingMessage, response: ServerResponse, prometheus: Prometheus) {
  const { pathname, search } = new URL(url, 'http://preview')
  if (method !== 'GET') return send(response, 405, 'text/plain', 'only GET')
  if (asked.test(pathname)) return pass(prometheus.url + pathname + search, response)
  if (pathname === '/settings') {
    const settings = { boards: boardList(), prometheus: prometheus.url, scrape: prometheus.scrape }
    return send(response, 200, types['.json'] ?? '', JSON.stringify(settings))
  }
  const file = fileOf(pathname)
  const content = file === undefined ? undefined : await readFile(file).catch(() => undefined)
  if (file === undefined || content === undefined) return send(response, 404, 'text/plain', 'not here')
  return send(response, 200, types[extname(file)] ?? 'application/octet-stream', content)
}

/** Asked by another name, it might be a page of somebody else that reads along. */
const isOurs = (host = ''): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      done(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

/** Serves the page on this port of loopback (0: any free one). */
export async function startServer(prometheus: Prometheus, port: number): Promise<PreviewServer> {
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer((request, response) => {
    if (!isOurs(request.headers.host)) return send(response, 421, 'text/plain', 'only on loopback')
    void answer(request, response, prometheus).catch((error: unknown) =>
      response.headersSent ? response.destroy() : send(response, 500, 'text/plain', String(error)),
    )
    return undefined
  })
  const url = `http://127.0.0.1:${await listen(server, port)}/`
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
