import { Type, type Static } from 'typebox'
import { secret } from '../../lib/schema.ts'
import { externalFields } from '../external/config.ts'

export const proxyConfig = Type.Object(
  {
    addresses: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Addresses or networks (10.0.0.0/8) of proxies that sign people in and say in headers who it is. Empty: nobody is believed. Whoever can connect from there can be anybody.',
    }),
    user_header: Type.String({
      default: 'remote-user',
      minLength: 1,
      description: 'The header with the name of the user.',
    }),
    name_header: Type.String({ default: 'remote-name', description: 'The header with the name for people to read.' }),
    email_header: Type.String({ default: 'remote-email', description: 'The header with the e-mail address.' }),
    groups_header: Type.String({ default: 'remote-groups', description: 'The header with groups, between commas.' }),
    secret_header: Type.String({
      default: '',
      description: 'A header in which the proxy sends `secret`; without the right one the others are not believed.',
    }),
    secret: secret('What the proxy sends there: needed where others can connect from the same address.'),
    name: Type.String({ default: 'Reverse proxy', minLength: 1, description: 'What the button says.' }),
    link_by_name: Type.Boolean({
      default: false,
      description: 'Whether somebody who comes for the first time gets the account of that very user name.',
    }),
    confirms: Type.Boolean({
      default: false,
      description:
        'Whether coming in this way once more counts as proving who one is, for acts that ask for it. Otherwise those take a password.',
    }),
    ...externalFields,
  },
  { description: 'A reverse proxy that signs people in.' },
)

export type ProxyConfig = Static<typeof proxyConfig>
