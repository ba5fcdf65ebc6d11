import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'
import { databasesConfig } from './databases/config.ts'
import { probeConfig } from './probe-config.ts'

export const postgresConfig = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Publish PostgreSQL metrics.' }),
  lock_timeout: duration(
    '100ms',
    'Longest wait of one statement for a lock, for instance on a catalogue; the collector concerned then fails, the others answer.',
  ),
  statement_timeout: duration('1500ms', 'Longest run of one statement; keep it below the scrape deadline.'),
  server_label: Type.Boolean({
    default: false,
    description: 'Add the label server="host:port" as postgres_exporter 0.11 did, for boards that select by it.',
  }),
  settings: Type.Boolean({ default: true, description: 'Publish every numeric server setting as pg_settings_*.' }),
  activity_labels: Type.Array(
    Type.Union([
      Type.Literal('usename'),
      Type.Literal('application_name'),
      Type.Literal('backend_type'),
      Type.Literal('wait_event_type'),
      Type.Literal('wait_event'),
    ]),
    {
      default: [],
      uniqueItems: true,
      description: 'Labels of pg_stat_activity_* besides datname and state; each multiplies the number of series.',
    },
  ),
  blocking_pairs: Type.Integer({
    default: 20,
    minimum: 0,
    maximum: 1000,
    description:
      'Most pairs of blocked and blocking session published one by one; pg_blocking_pairs_hidden counts the rest.',
  }),
  buffercache_summary: Type.Boolean({
    default: false,
    description:
      'Summarise shared buffers, where the extension pg_buffercache is installed (PostgreSQL 16 and later). Looks at every buffer.',
  }),
  size_budget: duration(
    '2ms',
    'Sizes of databases are measured for each scrape while that takes the server no longer; otherwise in the background, with their age in pg_database_size_age_seconds.',
  ),
  size_interval: duration('30s', 'Least time between two background measurements of database sizes.'),
  statements: Type.Object(
    {
      enabled: Type.Boolean({
        default: true,
        description: 'Read pg_stat_statements where the extension is installed.',
      }),
      top: Type.Integer({
        default: 100,
        minimum: 1,
        maximum: 5000,
        description: 'How many statements have series of their own; all others are summed under queryid="other".',
      }),
      text: Type.Boolean({
        default: false,
        description:
          'Publish the text of those statements as pg_stat_statements_query_id. Constants are replaced by the server, but names are visible.',
      }),
      text_length: Type.Integer({
        default: 120,
        minimum: 10,
        maximum: 1000,
        description: 'Statement texts are cut after this many characters.',
      }),
    },
    { default: {}, description: 'Statements of pg_stat_statements.' },
  ),
  databases: databasesConfig,
  probe: probeConfig,
})

export type PostgresConfig = Static<typeof postgresConfig>
