import type { TSchema } from 'typebox'
import type { Topic } from '../realtime/types.ts'

type Json = Readonly<Record<string, unknown>>

export interface AsyncApiInput {
  readonly version: string
  readonly topics: readonly Topic[]
  /** Schema of a state topic's whole state, by topic; a topic without one carries any JSON. */
  readonly schemas: Readonly<Record<string, TSchema>>
}

const description = `Live topics over the Centrifugo client protocol (JSON). Subscribe to a channel by its name. What a
publication carries in \`data\` is described here: \`snap\` holds all keys of a state topic, \`delta\` the new value of one
of them (null: the key is gone), \`gap\` says how many values were skipped.`

/** Schemas carry nothing but JSON. */
const plain = (schema: TSchema): Json => JSON.parse(JSON.stringify(schema)) as Json

const time = { type: 'number', description: 'When the reading was taken, ms since the epoch.' }

/** A message of the envelope `{ k, s?, ts, v?, n? }`. */
function message(name: string, summary: string, properties: Json): Json {
  const payload = {
    type: 'object',
    required: ['k', 'ts', ...Object.keys(properties).filter((key) => key !== 'k')],
    properties: { ts: time, ...properties },
  }
  return { name, summary, contentType: 'application/json', payload }
}

function deltaOf(state: Json): Json {
  const properties = (state['properties'] ?? {}) as Readonly<Record<string, Json>>
  const required = new Set(state['required'] as readonly string[] | undefined)
  const alternatives = Object.entries(properties).map(([key, schema]) => ({
    properties: { s: { const: key }, v: required.has(key) ? schema : { anyOf: [schema, { type: 'null' }] } },
  }))
  return {
    name: 'delta',
    summary: 'The new value of one key.',
    contentType: 'application/json',
    payload: {
      type: 'object',
      required: ['k', 's', 'ts', 'v'],
      properties: { k: { const: 'delta' }, s: { enum: Object.keys(properties) }, ts: time },
      oneOf: alternatives,
    },
  }
}

function messagesOf(topic: Topic, schema: TSchema | undefined): Record<string, Json> {
  if (topic.class === 'state' && schema !== undefined) {
    const state = plain(schema)
    return {
      snap: message('snap', 'All keys, as they are now.', { k: { const: 'snap' }, v: state }),
      delta: deltaOf(state),
      gap: message('gap', 'Values of a key were skipped; the newest follows.', {
        k: { const: 'gap' },
        n: { type: 'integer', minimum: 1 },
      }),
    }
  }
  const kind = topic.class === 'stream' ? 'append' : 'event'
  const value = schema === undefined ? {} : plain(schema)
  return { [kind]: message(kind, 'One message, once.', { k: { const: kind }, v: value }) }
}

const channelOf = (topic: Topic, schema: TSchema | undefined): Json => ({
  address: topic.name,
  description: `Class ${topic.class}. Needs the capability ${topic.capability}.`,
  messages: messagesOf(topic, schema),
})

const operationOf = ({ name }: Topic, channel: Json): Json => ({
  action: 'send',
  channel: { $ref: `#/channels/${name}` },
  summary: `What is published to the topic ${name}.`,
  messages: Object.keys(channel['messages'] as Json).map((key) => ({ $ref: `#/channels/${name}/messages/${key}` })),
})

/** The AsyncAPI 3.0 document of the topics, from the contracts. */
export function asyncApi({ version, topics, schemas }: AsyncApiInput): Json {
  const channels = topics.map((topic) => [topic, channelOf(topic, schemas[topic.name])] as const)
  return {
    asyncapi: '3.0.0',
    info: { title: 'Aura', version, description, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels.map(([{ name }, channel]) => [name, channel])),
    operations: Object.fromEntries(channels.map(([topic, channel]) => [topic.name, operationOf(topic, channel)])),
  }
}
