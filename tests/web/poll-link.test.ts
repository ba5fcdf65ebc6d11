import fastify from 'fastify'
import { expect, it } from 'vitest'
import type { LinkEvents } from '../../web/src/realtime/link.ts'
import { openPoll } from '../../web/src/realtime/poll-link.ts'

/** A server whose answers to `/api/poll` are given one by one; it hangs when there are none left. */
async function serve(answers: { status: number; body?: unknown }[]) {
  const app = fastify({ forceCloseConnections: true })
  const asked: string[] = []
  app.get('/healthz', () => 'ok')
  app.get('/api/poll', async (request, reply) => {
    asked.push(request.url)
    const answer = answers.shift()
    return answer === undefined ? reply.hijack() : reply.code(answer.status).send(answer.body)
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, asked, base }
}

function record(): { events: LinkEvents; said: string[] } {
  const said: string[] = []
  return {
    said,
    events: {
      open: () => said.push('open'),
      down: ({ reason }) => said.push(`down ${reason}`),
      failed: () => said.push('failed'),
      refused: ({ code }) => said.push(`refused ${code}`),
      subscribed: (topic, { position }) => said.push(`subscribed ${topic} ${position?.epoch}:${position?.offset}`),
      message: (topic, data, offset) => said.push(`${topic} ${offset} ${JSON.stringify(data)}`),
      turnedAway: (topic, code) => said.push(`${topic} turned away ${code}`),
    },
  }
}

it('asks from where the last answer ended, and tells what came once', async () => {
  const { app, asked, base } = await serve([
    { status: 200, body: { epoch: 'e', offset: 2, recovered: true, publications: [{ offset: 2, data: 'snap' }] } },
    { status: 204 },
    { status: 503 },
    { status: 200, body: { epoch: 'e', offset: 3, recovered: true, publications: [{ offset: 3, data: 'more' }] } },
    { status: 200, body: { epoch: 'f', offset: 1, recovered: false, publications: [{ offset: 1, data: 'anew' }] } },
  ])
  const { events, said } = record()
  const link = openPoll(base, events)
  link.subscribe('system', undefined)
  await expect.poll(() => asked.length, { timeout: 15_000 }).toBe(6)
  link.close()
  await app.close()
  expect(said.filter((line) => line !== 'open')).toEqual([
    'subscribed system e:2',
    'system 2 "snap"',
    'down transport closed',
    'system 3 "more"',
    'subscribed system f:1',
    'system 1 "anew"',
  ])
  expect(asked).toEqual([
    '/api/poll?topic=system',
    '/api/poll?topic=system&since=e%3A2',
    '/api/poll?topic=system&since=e%3A2',
    '/api/poll?topic=system&since=e%3A2',
    '/api/poll?topic=system&since=e%3A3',
    '/api/poll?topic=system&since=f%3A1',
  ])
})

it.each([
  [403, 103],
  [401, 103],
  [404, 102],
])('gives a topic up that is answered with %d', async (status, code) => {
  const { app, asked, base } = await serve([{ status, body: {} }])
  const { events, said } = record()
  const link = openPoll(base, events)
  link.subscribe('system', { epoch: 'e', offset: 1 })
  await expect.poll(() => said, { timeout: 5000 }).toContain(`system turned away ${code}`)
  expect(asked).toHaveLength(1)
  link.close()
  await app.close()
})

it('says that it fails while there is no server', async () => {
  const { app, base } = await serve([])
  await app.close()
  const { events, said } = record()
  const link = openPoll(base, events)
  await expect.poll(() => said.filter((line) => line === 'failed').length, { timeout: 10_000 }).toBeGreaterThan(1)
  expect(said).not.toContain('open')
  link.close()
})
