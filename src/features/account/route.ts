import type { TSchema } from 'typebox'
import { plainJson } from '../lib/query.ts'
import { wire } from '../schemas.ts'

/** Options of an account route. */
export const account = <const Schema extends object>(
  capability: 'public' | 'signed-in' | 'token:create',
  summary: string,
  schema: Schema,
) => ({
  config: { capability },
  serializerCompiler: plainJson,
  schema: { tags: ['account'], summary, ...schema },
})

/** Answers by status, with the errors that any of these routes may give. */
export const answers = <const Good extends Readonly<Record<number, TSchema>>>(good: Good) => ({
  ...good,
  '4xx': wire.ErrorAnswer,
})
