import { expect, test } from 'vitest'
import { createLog } from '../../load/lib/log.ts'
import { headOf, opening } from '../../load/lib/protocol.ts'
import { classes } from '../../load/lib/topics.ts'
import { gapPayload, barePush } from '../../src/realtime/protocol/replies.ts'
import { encodePayload, toMessage } from '../../src/realtime/message.ts'
import type { Topic } from '../../src/realtime/types.ts'

const message = (topic: string, kind: 'alert' | 'event' | 'state', offset: number, key?: string): string =>
  toMessage(topic, kind, { offset, json: encodePayload(kind, { a: '"},{' }, key, { ts: 1700.5, last: false }) }, 0).text

test.each([
  ['audit', 'event', 7, undefined, 'event'],
  ['security', 'alert', 1, undefined, 'event'],
  ['system', 'state', 3, 'cpu', 'delta'],
  ['system', 'state', 3, 'a "quoted\\ key', 'delta'],
] as const)('the head of what the bridge writes is read: %s %s %i %j', (channel, kind, offset, key, k) => {
  expect(headOf(message(channel, kind, offset, key))).toEqual({ channel, offset, kind: k, ts: 1700.5, skipped: 0 })
})

test('values skipped are counted', () => {
  const told = headOf(barePush('system', gapPayload(5, 12)))
  expect(told).toEqual({ channel: 'system', offset: 0, kind: 'gap', ts: 5, skipped: 12 })
})

test.each(['{}', '{"id":1,"connect":{}}', '{"push":{"channel":"audit","unsubscribe":{"code":2500}}}'])(
  '%s is no publication',
  (text) => expect(headOf(text)).toBeUndefined(),
)

test('a connection opens with a connect and one subscription a topic, resumed where it is known', () => {
  const frames = opening(['audit', 'system'], new Map([['audit', { epoch: 'e', offset: 4 }]])).split('\n')
  expect(frames.map((frame) => JSON.parse(frame) as unknown)).toEqual([
    { id: 1, connect: {} },
    { id: 2, subscribe: { channel: 'audit', recover: true, epoch: 'e', offset: 4 } },
    { id: 3, subscribe: { channel: 'system' } },
  ])
})

const head = (channel: string, offset: number) => ({ channel, offset, kind: 'event', ts: 0, skipped: 0 })

test('what is missing and what comes twice is seen, in topics that may lose none', () => {
  const log = createLog()
  expect(log.subscribed('audit', { epoch: 'e', offset: 10 })).toEqual([])
  expect(log.push(head('audit', 11))).toEqual({ missing: 0, twice: 0 })
  expect(log.push(head('audit', 14))).toEqual({ missing: 2, twice: 0 })
  expect(log.push(head('audit', 14))).toEqual({ missing: 0, twice: 1 })
  expect(log.places.get('audit')).toEqual({ epoch: 'e', offset: 14 })
})

test('what comes with the answer to a resume counts too', () => {
  const log = createLog()
  log.subscribed('audit', { epoch: 'e', offset: 3 })
  const answer = { epoch: 'e', offset: 3, publications: [{ offset: 4 }, { offset: 6 }] }
  expect(log.subscribed('audit', answer).map(({ missing }) => missing)).toEqual([0, 1])
})

test('readings may be left out', () => {
  const log = createLog()
  log.subscribed('system', { epoch: 'e', offset: 3 })
  expect(log.push(head('system', 30))).toEqual({ missing: 0, twice: 0 })
  expect(log.places.get('system')?.offset).toBe(30)
})

test('the classes are those of the topics themselves', async () => {
  const states = ['system', 'database', 'models', 'alerts']
  const own = await Promise.all(
    states.map(async (name) => (await import(`../../src/features/${name}/topic.ts`)) as { topic: Topic }),
  )
  const { topics } = await import('../../src/features/governance/topics.ts')
  const all = [...own.map(({ topic }) => topic), ...topics]
  const known = Object.fromEntries(all.map((topic) => [topic.name, topic.class]))
  expect(known).toMatchObject(classes)
})
