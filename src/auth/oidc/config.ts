import { Type, type Static } from 'typebox'
import { secret } from '../../lib/schema.ts'
import { externalFields } from '../external/config.ts'

export const oidcConfig = Type.Object(
  {
    issuer: Type.String({
      default: '',
      description:
        'The provider, as it names itself: https://login.example.org/realms/home. Empty: nobody signs in by one. Plain http is taken on this machine only.',
    }),
    client_id: Type.String({ default: '', description: 'As what Aura is registered there.' }),
    client_secret: secret('The secret of that registration; empty for a public client.'),
    scopes: Type.Array(Type.String({ minLength: 1 }), {
      default: ['openid', 'profile', 'email'],
      description: 'What is asked for; many providers send groups only with the scope groups.',
    }),
    name: Type.String({ default: 'Single sign-on', minLength: 1, description: 'What the button says.' }),
    link_by_email: Type.Boolean({
      default: false,
      description:
        'Whether somebody who comes for the first time gets the account that has their e-mail address. Only where the provider says that the address was verified, and whoever runs it is trusted with every account here.',
    }),
    allowed_domains: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Only people with a verified e-mail address in one of these domains come in; empty: all.',
    }),
    group_claim: Type.String({
      default: 'groups',
      minLength: 1,
      description: 'The claim that lists somebody’s groups.',
    }),
    ...externalFields,
  },
  { description: 'Signing in at an OpenID Connect provider.' },
)

export type OidcConfig = Static<typeof oidcConfig>
