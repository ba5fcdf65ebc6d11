/** The part of JSON Schema that Aura's configuration uses. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly secret?: boolean
}

/** The member schema of a map whose keys the user chooses, such as credentials by name. */
export function mapMember(schema: Schema): Schema | undefined {
  return schema.patternProperties && Object.values(schema.patternProperties)[0]
}

/** What may stand there, in words: `integer, 0 to 65535`, `one of info, warn`. */
export function allowed(schema: Schema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  switch (schema.type) {
    case 'boolean':
      return 'true or false'
    case 'integer':
    case 'number':
      return `${schema.type}${range(schema)}`
    case 'array':
      return `a list (each ${allowed(schema.items ?? {})})`
    case 'object':
      return 'a mapping'
    default:
      if (schema.format === 'duration') return 'a duration such as 500ms, 10s, 5m, 1h or 7d'
      return schema.pattern === undefined ? 'text' : `text matching ${schema.pattern}`
  }
}

function range({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, at least ${minimum}`
  return maximum === undefined ? '' : `, at most ${maximum}`
}

export interface Problem {
  /** Dotted path of the key. */
  readonly key: string
  readonly value: unknown
  /** What is allowed there, or that the key is unknown. */
  readonly allowed: string
  readonly secret: boolean
}

/** Everything that is wrong with a value, as one problem per key; empty when it is right. */
export function problems(schema: Schema, value: unknown, key: string): Problem[] {
  if (schema.type === 'object') return objectProblems(schema, value, key)
  if (schema.type === 'array' && Array.isArray(value)) {
    return value.flatMap((item, i) => problems(schema.items ?? {}, item, `${key}[${i}]`))
  }
  return fits(schema, value) ? [] : [problem(schema, value, key)]
}

function problem(schema: Schema, value: unknown, key: string): Problem {
  return { key, value, allowed: allowed(schema), secret: schema.secret === true }
}

function objectProblems(schema: Schema, value: unknown, key: string): Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [problem(schema, value, key)]
  const member = mapMember(schema)
  const found: Problem[] = []
  for (const [name, item] of Object.entries(value)) {
    const child = member ?? schema.properties?.[name]
    if (child) found.push(...problems(child, item, `${key}.${name}`))
    else found.push(unknownKey(`${key}.${name}`, item, Object.keys(schema.properties ?? {})))
  }
  for (const name of schema.required ?? []) {
    const child = schema.properties?.[name]
    if (child && child.default === undefined && !(name in value))
      found.push(problem(child, undefined, `${key}.${name}`))
  }
  return found
}

/** A key that no section has, with the nearest one that exists. */
export function unknownKey(key: string, value: unknown, known: readonly string[]): Problem {
  return { key, value, allowed: `no such key; known here: ${known.join(', ')}`, secret: false }
}

function fits(schema: Schema, value: unknown): boolean {
  if (schema.enum) return typeof value === 'string' && schema.enum.includes(value)
  switch (schema.type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isSafeInteger(value) && inRange(schema, value as number)
    case 'number':
      return Number.isFinite(value) && inRange(schema, value as number)
    case 'string':
      return typeof value === 'string' && fitsText(schema, value)
    default:
      return false
  }
}

function inRange({ minimum = -Infinity, maximum = Infinity }: Schema, value: number): boolean {
  return value >= minimum && value <= maximum
}

function fitsText({ minLength = 0, pattern }: Schema, value: string): boolean {
  return value.length >= minLength && (pattern === undefined || new RegExp(pattern).test(value))
}
