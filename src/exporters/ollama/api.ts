/** What `details` says of a model, alike in /api/tags and /api/ps. */
export interface ModelDetails {
  readonly format: string
  readonly family: string
  readonly parentModel: string
  readonly parameterSize: string
  readonly quantizationLevel: string
}

/** A model of /api/tags. */
export interface InstalledModel {
  readonly name: string
  /** Digest of the manifest, 64 hex digits. */
  readonly digest: string
  /** Bytes on disk. */
  readonly size: number | undefined
  /** Seconds since the epoch. */
  readonly modifiedAt: number | undefined
  readonly details: ModelDetails
}

/** A model of /api/ps. */
export interface LoadedModel {
  readonly name: string
  readonly digest: string
  /** Bytes in memory of any kind. */
  readonly size: number | undefined
  /** Of these, bytes in GPU memory. */
  readonly sizeVram: number | undefined
  /** Seconds since the epoch; undefined if not told or pinned. */
  readonly expiresAt: number | undefined
  /** Loaded with `keep_alive: -1`: stays until told otherwise. */
  readonly pinned: boolean
  readonly contextLength: number | undefined
  readonly details: ModelDetails
}

type Json = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const amount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(answer: unknown, path: string): Json[] {
  const models = isObject(answer) ? answer['models'] : undefined
  // Go writes an empty slice that was never made as null.
  if (models === null) return []
  if (!Array.isArray(models)) throw new Error(`${path}: the answer has no list of models`)
  for (const model of models) {
    if (!isObject(model) || nameOf(model) === '') throw new Error(`${path}: a model without a name`)
  }
  return models
}

const nameOf = (model: Json): string => text(model['name']) || text(model['model'])

/** RFC 3339 to seconds since the epoch; Go's zero time and anything unreadable are undefined. */
export function parseTime(value: unknown): number | undefined {
  const ms = Date.parse(text(value))
  return ms > 0 ? ms / 1000 : undefined
}

function details(value: unknown): ModelDetails {
  const json = isObject(value) ? value : {}
  return {
    format: text(json['format']),
    family: text(json['family']),
    parentModel: text(json['parent_model']),
    parameterSize: text(json['parameter_size']),
    quantizationLevel: text(json['quantization_level']),
  }
}

export function parseVersion(answer: unknown): string {
  const version = isObject(answer) ? text(answer['version']) : ''
  if (version === '') throw new Error('/api/version: the answer has no version')
  return version
}

export function parseTags(answer: unknown): InstalledModel[] {
  return list(answer, '/api/tags').map((model) => ({
    name: nameOf(model),
    digest: text(model['digest']),
    size: amount(model['size']),
    modifiedAt: parseTime(model['modified_at']),
    details: details(model['details']),
  }))
}

/** "For ever" is Go's longest duration from now, some 292 years: far more than any keep-alive one would write down. */
const forever = 50 * 365 * 86_400

export function parsePs(answer: unknown, now: number = Date.now() / 1000): LoadedModel[] {
  return list(answer, '/api/ps').map((model) => {
    const expiresAt = parseTime(model['expires_at'])
    const pinned = expiresAt !== undefined && expiresAt - now > forever
    const size = amount(model['size'])
    return {
      name: nameOf(model),
      digest: text(model['digest']),
      size,
      // Older versions leave a zero out.
      sizeVram: 'size_vram' in model ? amount(model['size_vram']) : size === undefined ? undefined : 0,
      expiresAt: pinned ? undefined : expiresAt,
      pinned,
      contextLength: amount(model['context_length']) || undefined,
      details: details(model['details']),
    }
  })
}

/** Digest of the file with the weights, from the `FROM …/blobs/sha256-…` line of /api/show's Modelfile. */
export function parseBlob(answer: unknown): string | undefined {
  const modelfile = isObject(answer) ? text(answer['modelfile']) : ''
  return /^FROM .*sha256[-:]([0-9a-f]{64})\s*$/m.exec(modelfile)?.[1]
}
