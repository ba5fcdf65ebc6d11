import { setTimeout as sleep } from 'node:timers/promises'

/** Keeps a model loaded of which most layers run on processors, until the signal aborts. */
export async function spill(ollama: string, signal: AbortSignal): Promise<void> {
  const tags = await fetch(`${ollama}/api/tags`, { signal })
  const { models } = (await tags.json()) as { readonly models: readonly { readonly name: string }[] }
  const model = models.findLast(({ name }) => !name.includes('embed'))?.name
  const body = JSON.stringify({ model, prompt: 'Hello', options: { num_gpu: 4, num_predict: 1 }, keep_alive: '5m' })
  while (!signal.aborted) {
    const answer = await fetch(`${ollama}/api/generate`, { method: 'POST', body, signal })
    await answer.text()
    await sleep(1000, undefined, { signal })
  }
}
