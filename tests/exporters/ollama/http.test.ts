import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHttp, parseJson } from '../../../src/exporters/ollama/http.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const patient = (): AbortSignal => AbortSignal.timeout(3000)

test.each([
  ['http://me:p%40ss@', '', 'Basic bWU6cEBzcw=='],
  ['http://', 'secret', 'Bearer secret'],
  ['http://', '', undefined],
])('credentials of %s and token "%s"', async (scheme, token, expected) => {
  const host = await serve((req, res) => res.end(JSON.stringify({ path: req.url, auth: req.headers.authorization })))
  const http = createHttp({ url: `${scheme}${host}/behind/proxy/`, token, maxBytes: 1000 })
  const answer = await http.send('GET', '/api/ps', patient())
  http.close()
  expect(parseJson(answer, 'it')).toEqual({ path: '/behind/proxy/api/ps', ...(expected && { auth: expected }) })
})

test('connections are kept, and one that the server has closed meanwhile is replaced', async () => {
  const sockets = new Set<unknown>()
  let cut = false
  const host = await serve((req, res) => {
    const reused = sockets.has(req.socket)
    sockets.add(req.socket)
    if (cut && reused) req.socket.destroy()
    else res.end('{}')
  })
  const http = createHttp({ url: `http://${host}`, maxBytes: 1000 })
  const statuses: number[] = []
  for (let i = 0; i < 4; i++) {
    cut = i === 3
    statuses.push((await http.send('GET', '/', patient())).status)
  }
  http.close()
  expect(statuses).toEqual([200, 200, 200, 200])
  expect(sockets.size).toBe(2)
})

test('a slow body ends with the signal, and the error is its reason', async () => {
  const host = await serve((_, res) => void res.writeHead(200).write('{'))
  const http = createHttp({ url: `http://${host}`, maxBytes: 1000 })
  const abort = new AbortController()
  const answer = http.send('GET', '/', abort.signal)
  setTimeout(() => abort.abort(new Error('no answer within 20 ms')), 20)
  await expect(answer).rejects.toThrow('no answer within 20 ms')
  http.close()
})

test('a redirect is not followed but reported', async () => {
  const host = await serve((_, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
  const http = createHttp({ url: `http://${host}`, maxBytes: 1000 })
  const answer = await http.send('GET', '/api/ps', patient())
  expect(() => parseJson(answer, 'GET /api/ps')).toThrow('GET /api/ps: status 302')
  http.close()
})
