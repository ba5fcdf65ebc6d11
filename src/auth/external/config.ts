import { Type } from 'typebox'

const mapped = (description: string) =>
  Type.Record(Type.String(), Type.String({ minLength: 1 }), { default: {}, description })

/** What is configured alike for whoever vouches for people: a provider, or a proxy. */
export const externalFields = {
  auto_create: Type.Boolean({
    default: false,
    description: 'Whether whoever comes for the first time gets an account. Otherwise only those tied to one come in.',
  }),
  default_role: Type.String({ default: '', description: 'Role of everybody who comes in this way; empty: none.' }),
  role_map: mapped(
    'Name of a group there -> id of a role here. Given and taken at each sign-in; what people gave each other stays.',
  ),
  group_map: mapped(
    'Name of a group there -> name of a group here. Whoever comes in this way is in such a group exactly while they are in that one.',
  ),
}
