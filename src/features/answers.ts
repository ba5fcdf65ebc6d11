import { Type } from 'typebox'

/** The answer when something cannot be done, as every error of the API looks. */
export const ErrorAnswer = Type.Object({ error: Type.Object({ code: Type.String(), message: Type.String() }) })
