import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

export const modelsConfig = Type.Object(
  {
    interval: duration('5s', 'Time between two readings while somebody watches.'),
    rest: duration('15s', 'Time between two readings while nobody does.'),
  },
  { default: {}, description: 'Ollama and its models.' },
)

export type ModelsConfig = Static<typeof modelsConfig>
