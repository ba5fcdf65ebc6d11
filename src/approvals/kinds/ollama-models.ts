import { parseTags } from '../../exporters/ollama/api.ts'
import { createHttp, parseJson } from '../../exporters/ollama/http.ts'
import type { ModelStore } from './model-delete.ts'

/** Longest time Ollama may take, ms; deleting a model of many layers takes a while. */
const deadline = 30_000
const maxBytes = 16 * 1024 * 1024

/** Ollama's own list of models, read anew at each question, and its way of deleting one. */
export function createOllamaModels(options: { readonly url: string; readonly token: string }): ModelStore & {
  close(): void
} {
  const http = createHttp({ ...options, maxBytes })
  return {
    async installed() {
      return parseTags(parseJson(await http.send('GET', '/api/tags', AbortSignal.timeout(deadline)), 'GET /api/tags'))
    },
    async remove(name) {
      const answer = await http.send('DELETE', '/api/delete', AbortSignal.timeout(deadline), { model: name })
      if (answer.status === 404) return false
      if (answer.status !== 200) throw new Error(`DELETE /api/delete: status ${answer.status}`)
      return true
    },
    close: () => http.close(),
  }
}
