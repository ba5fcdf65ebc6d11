import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

export const ollamaConfig = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Publish the metrics of an Ollama server.' }),
  poll_interval: duration(
    '5s',
    'Between scrapes, look this often at the loaded models so that loads and unloads are counted; 0s looks only when scraped.',
  ),
  relay_interval: duration(
    '10m',
    "How often to look for Ollama's own /metrics while it has none; once found it is relayed at every scrape. 0s never looks.",
  ),
  max_response_bytes: Type.Integer({
    default: 16_777_216,
    minimum: 65_536,
    maximum: 268_435_456,
    description: 'A longer answer of Ollama is refused.',
  }),
})

export type OllamaConfig = Static<typeof ollamaConfig>
