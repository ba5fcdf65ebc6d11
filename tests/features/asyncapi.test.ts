import { Value } from 'typebox/value'
import type { TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { asyncApi } from '../../src/features/asyncapi.ts'
import { schemas } from '../../src/features/schemas.ts'
import { topic as alerts } from '../../src/features/alerts/topic.ts'
import { topic as database } from '../../src/features/database/topic.ts'
import { topic as models } from '../../src/features/models/topic.ts'
import { topic as system } from '../../src/features/system/topic.ts'
import type { Topic } from '../../src/realtime/types.ts'

const incidents: Topic = { name: 'incidents', class: 'alert', capability: 'incidents:read' }
const tokens: Topic = { name: 'tokens', class: 'stream', capability: 'chat:read' }
const topics: readonly Topic[] = [system, database, models, alerts, incidents, tokens]

interface Message {
  readonly payload: TSchema & { readonly oneOf?: readonly { properties: { s: { const: string }; v: object } }[] }
}
interface Document {
  readonly asyncapi: string
  readonly info: { readonly version: string }
  readonly channels: Readonly<Record<string, { address: string; messages: Readonly<Record<string, Message>> }>>
  readonly operations: Readonly<Record<string, { channel: { $ref: string }; messages: { $ref: string }[] }>>
}

const document = asyncApi({ version: '1.2.3', topics, schemas }) as unknown as Document

/** Follows a JSON pointer. */
const follow = (ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document)

test('every declared topic is a channel of its name, with an operation; every reference leads somewhere', () => {
  expect(document).toMatchObject({ asyncapi: '3.0.0', info: { version: '1.2.3' } })
  for (const { name } of topics) expect(document.channels[name]?.address).toBe(name)
  expect(Object.keys(document.channels)).toHaveLength(topics.length)
  for (const [name, { channel, messages }] of Object.entries(document.operations)) {
    expect(follow(channel.$ref)).toBe(document.channels[name])
    for (const { $ref } of messages) expect(follow($ref)).toBeDefined()
  }
})

test('a state topic has its whole state as snapshot, and one delta per key', () => {
  for (const [name, schema] of Object.entries(schemas)) {
    const messages = document.channels[name]?.messages ?? {}
    expect(Object.keys(messages)).toEqual(['snap', 'delta', 'gap'])
    const contract = JSON.parse(JSON.stringify(schema)) as { properties: object }
    const snap = messages['snap']?.payload as { properties?: { v?: object } } | undefined
    expect(snap?.properties?.v).toEqual(contract)
    expect(messages['delta']?.payload.oneOf?.map(({ properties }) => properties.s.const)).toEqual(
      Object.keys(contract.properties),
    )
  }
})

const of = (name: string, kind: string): TSchema => document.channels[name]?.messages[kind]?.payload as TSchema

test('payloads as they are on the wire fit the document, others do not', () => {
  const delta = of('alerts', 'delta')
  expect(Value.Check(delta, { k: 'delta', s: 'alerts', ts: 1, v: [] })).toBe(true)
  expect(Value.Check(delta, { k: 'delta', s: 'reason', ts: 1, v: null })).toBe(true)
  expect(Value.Check(delta, { k: 'delta', s: 'alerts', ts: 1, v: null })).toBe(false)
  expect(Value.Check(delta, { k: 'delta', s: 'other', ts: 1, v: [] })).toBe(false)
  expect(Value.Check(of('alerts', 'snap'), { k: 'snap', ts: 1, v: { alerts: [] } })).toBe(true)
  expect(Value.Check(of('alerts', 'snap'), { k: 'snap', ts: 1, v: {} })).toBe(false)
  expect(Value.Check(of('alerts', 'gap'), { k: 'gap', ts: 1, n: 3 })).toBe(true)
  expect(Value.Check(of('incidents', 'event'), { k: 'event', ts: 1, v: { any: 'thing' } })).toBe(true)
  expect(Value.Check(of('tokens', 'append'), { k: 'append', ts: 1, v: 'text' })).toBe(true)
})
