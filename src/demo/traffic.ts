import { setTimeout as sleep } from 'node:timers/promises'

const questions = [
  'Why is the sky blue?',
  'Write a haiku about a warm graphics card.',
  'Summarise the plot of Hamlet in two sentences.',
  'Explain virtual memory to a ten-year-old.',
  'List three reasons why a query can be slow.',
]

const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)]

/** Chats with one model after the other, as a few people would, until the signal aborts. Failures are part of the show. */
export async function chatter(ollamaUrl: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await chat(ollamaUrl, signal).catch(() => undefined)
    await sleep(1000 + Math.random() * 8000, undefined, { signal }).catch(() => undefined)
  }
}

async function chat(ollamaUrl: string, signal: AbortSignal): Promise<void> {
  const tags = await fetch(`${ollamaUrl}/api/tags`, { signal })
  const { models } = (await tags.json()) as { models: { name: string }[] }
  const usable = models.filter(({ name }) => !name.includes('embed'))
  const body = JSON.stringify({
    model: pick(usable)?.name,
    messages: [{ role: 'user', content: pick(questions) }],
    keep_alive: '90s',
  })
  const response = await fetch(`${ollamaUrl}/api/chat`, { method: 'POST', body, signal })
  await response.body?.pipeTo(new WritableStream(), { signal })
}
