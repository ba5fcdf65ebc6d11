import { Type, type Static } from 'typebox'
import { duration } from '../lib/schema.ts'
import { oidcConfig } from './oidc/config.ts'
import { proxyConfig } from './proxy/config.ts'

export const authConfig = Type.Object(
  {
    mode: Type.Enum(['accounts', 'none'], {
      default: 'accounts',
      description:
        'accounts: everybody signs in. none: whoever sits at this machine may do everything; then server.host must be a loopback address.',
    }),
    session_idle: duration('7d', 'A session ends when it was not used for this long.'),
    session_lifetime: duration('30d', 'A session ends this long after signing in, used or not.'),
    reauthentication: duration(
      '10m',
      'How long after proving one’s password one may change rights, make tokens and approve without being asked again.',
    ),
    password_min_length: Type.Integer({
      default: 12,
      minimum: 8,
      maximum: 128,
      description: 'Fewest characters of a new password. There are no other rules but that it is not the user’s name.',
    }),
    hashing_concurrency: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 16,
      description:
        'Passwords hashed at once; each takes 19 MB while it lasts. A bounded number wait, more are refused.',
    }),
    setup_link: Type.Boolean({
      default: true,
      description: 'Whether a start without any user prints a one-time link that makes the first owner.',
    }),
    approval_expiry: duration('3d', 'A request for approval that nobody decided on ends after this long.'),
    oidc: oidcConfig,
    proxy: proxyConfig,
  },
  { description: 'Accounts, sessions and passwords.' },
)

export type AuthConfig = Static<typeof authConfig>
