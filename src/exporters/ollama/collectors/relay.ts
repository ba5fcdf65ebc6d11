import { performance } from 'node:perf_hooks'
import type { Collector } from '../../exporter.ts'
import { parseForeign, writeForeign, type ForeignFamily } from '../foreign.ts'
import type { Answer } from '../http.ts'
import type { OllamaSource } from '../source.ts'

/** Of the Go runtime and of the process: under these names they would pass for somebody else's. */
const generic = /^(go|process|promhttp)_/

/**
 * Ollama's own /metrics, if this version has one (no release known to us does). Families we publish ourselves win;
 * while there is none the path is tried once in `interval` ms, or never if that is 0.
 */
export function createRelay(
  source: Pick<OllamaSource, 'metrics'>,
  interval: number,
  ours: ReadonlySet<string>,
): Collector<readonly ForeignFamily[]> {
  let next = interval === 0 ? Infinity : 0
  return {
    name: 'relay',
    async read(signal) {
      if (performance.now() < next) return []
      const answer = await source.metrics(signal)
      if (!isExposition(answer)) {
        next = performance.now() + interval
        return []
      }
      return parseForeign(answer.body).filter(({ metric: { name } }) => !ours.has(name) && !generic.test(name))
    },
    write(families, out) {
      for (const family of families) writeForeign(family, out)
    },
  }
}

function isExposition({ status, contentType, body }: Answer): boolean {
  const text = contentType.startsWith('text/plain') || contentType.startsWith('application/openmetrics-text')
  return status === 200 && text && /^#|^[a-zA-Z_:][\w:]*(\{.*\})? \S+/m.test(body)
}
