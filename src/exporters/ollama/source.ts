import { performance } from 'node:perf_hooks'
import { UnavailableError } from '../../errors.ts'
import { createActivity, type Count } from './activity.ts'
import { parseBlob, parsePs, parseTags, parseVersion, type InstalledModel, type LoadedModel } from './api.ts'
import { createDigestIndex, type DigestIndexWriter } from './digests.ts'
import { codeOf, createHttp, parseJson, type Answer, type HttpOptions } from './http.ts'
import { createShared } from './share.ts'

/** One Ollama server, as its collectors see it. Every read rejects when Ollama fails, or answers what it never would. */
export interface OllamaSource {
  version(signal: AbortSignal): Promise<string>
  tags(signal: AbortSignal): Promise<readonly InstalledModel[]>
  ps(signal: AbortSignal): Promise<readonly LoadedModel[]>
  /** Digest of a model's weights file; undefined for models without one (cloud, safetensors). */
  blob(model: string, signal: AbortSignal): Promise<string | undefined>
  /** GET of Ollama's own /metrics, whatever comes. */
  metrics(signal: AbortSignal): Promise<Answer>
  /** Loads and unloads seen so far, by model; fed by every answer of `ps` and `tags`. */
  readonly counts: ReadonlyMap<string, Count>
  /** Knows the manifests of every model that `ps` and `tags` have named. */
  readonly digests: DigestIndexWriter
  close(): void
}

export function createOllamaSource(options: HttpOptions): OllamaSource {
  const http = createHttp(options)
  const activity = createActivity()
  const digests = createDigestIndex()
  let seen = false

  async function get<T>(path: string, parse: (answer: unknown) => T, signal: AbortSignal): Promise<T> {
    const reading = parse(parseJson(await http.send('GET', path, signal), `GET ${path}`))
    seen = true
    return reading
  }

  return {
    counts: activity.counts,
    digests,
    close: () => http.close(),
    version: createShared((signal) =>
      // A machine where Ollama has never answered may simply not have one.
      get('/api/version', parseVersion, signal).catch((error: unknown) => {
        throw seen ? error : absentIfRefused(error)
      }),
    ),
    tags: createShared(async (signal) => {
      const models = await get('/api/tags', parseTags, signal).catch(throwAbsentIfRefused)
      for (const { name, digest } of models) digests.add(digest, name)
      activity.expect(models.map((model) => model.name))
      return models
    }),
    ps: createShared(async (signal) => {
      const asked = performance.now()
      const models = await get('/api/ps', parsePs, signal).catch(throwAbsentIfRefused)
      for (const { name, digest } of models) digests.add(digest, name)
      activity.observe(models, asked, performance.now())
      return models
    }),
    async blob(model, signal) {
      const answer = await http.send('POST', '/api/show', signal, { model }).catch(throwAbsentIfRefused)
      // Deleted while it was in memory: it runs on, and nobody can say from which file.
      return answer.status === 404 ? undefined : parseBlob(parseJson(answer, 'POST /api/show'))
    },
    metrics: (signal) => http.send('GET', '/metrics', signal).catch(throwAbsentIfRefused),
  }
}

function absentIfRefused(error: unknown): unknown {
  if (codeOf(error) !== 'ECONNREFUSED' || !(error instanceof Error)) return error
  return new UnavailableError(error.message, { cause: error })
}

/** That nobody listens is one fact, and `version` reports it: the others need not log it again. */
function throwAbsentIfRefused(error: unknown): never {
  throw absentIfRefused(error)
}
