import { Type, type Static } from 'typebox'
import { duration, secret } from '../lib/schema.ts'
import { foreignConfig } from './foreign/config.ts'

export const auditConfig = Type.Object(
  {
    checkpoint_interval: duration('5m', 'Time between two signed checkpoints, where anything was added meanwhile.'),
    verify_interval: duration(
      '1h',
      'Time between two checks of the whole chain. What was added is checked before every checkpoint.',
    ),
    retention: Type.String({
      default: '',
      pattern: '^(([7-9]|[1-9][0-9]{1,4})d)?$',
      description:
        'How long rows are kept, at least `7d`; older ones are cut off at a checkpoint, whose signature is kept. Empty: for ever.',
    }),
    checkpoint_file: Type.String({
      default: '',
      description:
        'File to which every checkpoint is added, beside the one in the data directory: on a share, or a disk of its own that nobody of this machine can write twice.',
    }),
    webhook_url: Type.String({
      default: '',
      pattern: '^(https?://.+)?$',
      description: 'Address to which every checkpoint is posted as JSON.',
    }),
    webhook_token: secret('Bearer token for `webhook_url`.'),
    syslog: Type.String({
      default: '',
      pattern: '^(((udp|tcp)://)?([^:/\\s]+|\\[[0-9a-fA-F:]+\\]):\\d+)?$',
      description:
        'Syslog server to which every checkpoint goes as RFC 5424: `udp://host:port`, also without `udp://`, or `tcp://host:port`.',
    }),
    foreign: foreignConfig,
  },
  { default: {}, description: 'The audit log.' },
)

export type AuditConfig = Static<typeof auditConfig>
