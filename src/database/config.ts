import { Type } from 'typebox'
import { duration, secret } from '../lib/schema.ts'

export const databaseConfig = Type.Object({
  url: secret(
    'Connection URL of a PostgreSQL (13 or later) to keep Aura’s data in, postgres://user:password@host:port/database. Empty: Aura runs its own PostgreSQL with its data under the data directory.',
  ),
  embedded_port: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65535,
    description: 'Loopback port of the embedded PostgreSQL. 0: a free one is chosen once and kept.',
  }),
  pool_size: Type.Integer({
    default: 5,
    minimum: 1,
    maximum: 100,
    description: 'Most connections that Aura opens for its own data; idle ones are closed.',
  }),
  connect_timeout: duration(
    '30s',
    'How long to wait at start for the PostgreSQL at `url`; it may be starting at the same time.',
  ),
})
