import { Type, type Static } from 'typebox'
import { duration } from '../../../lib/schema.ts'

const names = (description: string) => Type.Array(Type.String({ minLength: 1 }), { default: [], description })

/** What is read inside each database: its tables, indexes, sequences and functions. */
export const databasesConfig = Type.Object(
  {
    enabled: Type.Boolean({
      default: true,
      description: 'Visit every database for the series of its tables, indexes, sequences and functions.',
    }),
    include: names(
      'Visit only these databases; `*` stands for any characters. Empty: all that the role may connect to.',
    ),
    exclude: names('Never visit these databases; `*` stands for any characters.'),
    interval: duration('60s', 'Time from the start of one round of visits to the start of the next.'),
    max_age: duration('5m', 'Values of a database that can no longer be read vanish after this long.'),
    idle: duration('5m', 'Visits cease when nobody has scraped for this long, and resume with the next scrape.'),
    statement_timeout: duration('10s', 'Longest run of one statement of a visit, and longest visit to one database.'),
    max_databases: Type.Integer({
      default: 200,
      minimum: 1,
      maximum: 10_000,
      description: 'Most databases to visit; pg_databases_skipped{reason="limit"} counts the rest.',
    }),
    series_budget: Type.Integer({
      default: 4900,
      minimum: 500,
      maximum: 1_000_000,
      description:
        'Most series of the whole postgres page. Tables, indexes and functions share what the server-wide series leave over; those beyond it are summed under relname="other".',
    }),
    older_names: Type.Boolean({
      default: false,
      description:
        'Also publish pg_statio_user_tables_*_blks_*, the spelling of older query files, besides *_blocks_*.',
    }),
  },
  { default: {}, description: 'What is read inside each database.' },
)

export type DatabasesConfig = Static<typeof databasesConfig>
