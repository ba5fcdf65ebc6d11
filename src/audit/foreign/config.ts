import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

const field = (what: string) =>
  Type.Optional(Type.String({ minLength: 1, description: `Where a line tells ${what}; dots lead into objects.` }))

/** One program's audit file. */
const source = Type.Object(
  {
    files: Type.String({
      minLength: 1,
      description: 'Path of the file, or a pattern (`/var/log/app/audit*.log`); relative to the working directory.',
    }),
    time: field('when it happened: ISO 8601, or seconds or milliseconds since 1970'),
    actor: field('who did it'),
    action: field('what was done'),
    object: field('to what'),
  },
  { additionalProperties: false },
)

export const foreignConfig = Type.Object(
  {
    sources: Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), source, {
      default: {},
      description:
        'Audit files of other programs, JSON lines, by names of your choosing: `proxy: { files: /var/log/proxy/audit.log, time: ts, actor: user }`. They are followed through rotation and shown beside Aura’s own log, marked as foreign.',
    }),
    keep: duration('90d', 'Foreign lines are deleted this long after they were read.'),
    keep_lines: Type.Integer({
      default: 1_000_000,
      minimum: 1000,
      description: 'Most foreign lines that are kept; the oldest go first.',
    }),
  },
  { description: 'Audit files of other programs.' },
)

export type ForeignConfig = Static<typeof foreignConfig>
export type ForeignSource = Static<typeof source>
