import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

const most = (value: number, description: string) =>
  Type.Integer({ default: value, minimum: 0, maximum: 1000, description })

export const databaseFeatureConfig = Type.Object(
  {
    interval: duration('5s', 'Time between two readings while somebody watches.'),
    rest: duration('30s', 'Time between two readings while nobody does.'),
    slow_interval: duration('30s', 'Time between two readings of statements and tables.'),
    long_transaction: duration('1m', 'A transaction open for this long is shown.'),
    statements: most(20, 'Most statements shown, those with the most time first.'),
    tables: most(50, 'Most tables shown, the biggest first.'),
  },
  { default: {}, description: 'PostgreSQL.' },
)

export type DatabaseFeatureConfig = Static<typeof databaseFeatureConfig>
