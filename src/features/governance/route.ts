import type { FastifyContextConfig, FastifyRequest, FastifySchema } from 'fastify'
import type { TObject, TSchema, TString } from 'typebox'
import { provedLately } from '../../auth/recent.ts'
import { RefusedError } from '../../errors.ts'
import { plainJson } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import type { GovernanceDeps } from './deps.ts'

/** Options of a route: its capability, and what the documents say of it. */
export const route = <const Schema extends FastifySchema>(
  capability: NonNullable<FastifyContextConfig['capability']>,
  summary: string,
  schema: Schema,
) => ({
  config: { capability },
  serializerCompiler: plainJson,
  schema: { tags: ['governance'], summary, ...schema },
})

/** A hook for routes that a stolen session must not reach: the caller has proved lately who they are. */
export const proved =
  ({ callerOf, reauthentication, now }: Pick<GovernanceDeps, 'callerOf' | 'reauthentication' | 'now'>) =>
  async (request: FastifyRequest): Promise<void> => {
    if (provedLately(callerOf(request), now(), reauthentication)) return
    throw new RefusedError(403, 'REAUTHENTICATION_REQUIRED', 'Prove once more who you are, then try again')
  }

/** Answers by status, with the errors that any of these routes may give. */
export const answers = <const Good extends Readonly<Record<number, TSchema>>>(good: Good) => ({
  ...good,
  '4xx': wire.ErrorAnswer,
})

/** Path parameters, for the routes of one thing. */
export const idParams = {
  type: 'object',
  properties: { id: { type: 'string', maxLength: 200 } },
  required: ['id'],
} as unknown as TObject<{ id: TString }>

export const done = { done: true } as const
