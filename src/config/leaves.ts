import { mapMember, type Schema } from './check.ts'

/** One key that can be set: its path, its environment variable, its schema. */
export interface Leaf {
  /** Dotted, as in aura.yaml: `server.port`. */
  readonly key: string
  readonly path: readonly string[]
  /** `AURA_SERVER_PORT`; a secret can come from the file named by the same variable with `_FILE`. */
  readonly env: string
  readonly schema: Schema
}

/** All keys of a schema in its order. A map with names of the user's choosing is one leaf, set in the file only. */
export function leaves(schema: Schema, path: readonly string[] = []): Leaf[] {
  if (schema.type === 'object' && mapMember(schema) === undefined) {
    return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => leaves(child, [...path, name]))
  }
  return [{ key: path.join('.'), path, env: `AURA_${path.join('_').toUpperCase()}`, schema }]
}

/** A map cannot be written in one variable. */
export const inFileOnly = ({ schema }: Leaf): boolean => schema.type === 'object'
