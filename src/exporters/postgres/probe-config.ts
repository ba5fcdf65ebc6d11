import { Type, type Static } from 'typebox'
import { duration, secret } from '../../lib/schema.ts'

/** Probing of further servers by `/probe?target=`. */
export const probeConfig = Type.Object(
  {
    targets: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Servers that `/probe?target=` may reach, as `host` (port 5432), `host:port` or `host:*`; `*` stands for any characters but dots and colons. Empty: probing is off.',
    }),
    auth_modules: Type.Record(
      Type.String(),
      Type.Object({
        username: Type.String({ minLength: 1, description: 'Role to connect as.' }),
        password: secret('Its password.'),
        password_file: Type.String({ default: '', description: 'File that holds the password, instead of the above.' }),
        sslmode: Type.Enum(['disable', 'require', 'verify-full'], {
          default: 'require',
          description: 'Whether the connection is encrypted, and whether the certificate is verified.',
        }),
        database: Type.String({ default: 'postgres', description: 'Database, where the target names none.' }),
      }),
      {
        default: {},
        description: 'Credentials by name, chosen by `/probe?auth_module=`; without it `default` is meant.',
      },
    ),
    max_targets: Type.Integer({
      default: 20,
      minimum: 1,
      maximum: 1000,
      description: 'Most servers probed at one time; further ones are refused until another falls idle.',
    }),
    idle: duration('5m', 'Connections to a server that nobody has probed for this long are closed.'),
  },
  { default: {}, description: 'Probing of further servers, as a multi-target exporter.' },
)

export type ProbeConfig = Static<typeof probeConfig>
