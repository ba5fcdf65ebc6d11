import { favourites, longTailed, pick } from '../wave.ts'
import { crowd } from './crowd.ts'

const questions = [
  'Why is the sky blue?',
  'Write a haiku about a warm graphics card.',
  'Summarise the plot of Hamlet in two sentences.',
  'Explain virtual memory to a ten-year-old.',
  'List three reasons why a query can be slow.',
]

/** Bytes above which a model spills to main memory; such a one is asked rarely. */
const large = 20e9

interface Tag {
  readonly name: string
  readonly size: number
}

async function installedModels(url: string, signal: AbortSignal): Promise<readonly Tag[]> {
  const answer = await fetch(`${url}/api/tags`, { signal })
  return ((await answer.json()) as { models: Tag[] }).models
}

/** Mostly what is in favour, sometimes any other, seldom one that is not there. */
function choose(models: readonly Tag[], seconds: number): string | undefined {
  const [favourite, next] = favourites(
    models.filter(({ size }) => size < large),
    seconds,
  )
  const dice = Math.random()
  if (dice < 0.02) return 'no-such-model:7b'
  if (dice < 0.03) return models.find(({ size }) => size >= large)?.name
  return (dice < 0.7 ? favourite : next)?.name
}

const prompt = (): string => `${pick(questions)} ${'Here is more to read. '.repeat(longTailed(1, 400))}`

function body(model: string | undefined): Readonly<Record<string, unknown>> {
  const common = {
    model,
    keep_alive: '90s',
    options: { num_predict: longTailed(20, 240) },
    stream: Math.random() < 0.8,
  }
  if (Math.random() < 0.3) return { ...common, prompt: prompt() }
  return { ...common, messages: [{ role: 'user', content: prompt() }] }
}

async function send(url: string, what: object, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(what), signal })
  await response.body?.pipeTo(new WritableStream(), { signal })
}

/** Asks one model or another, as people and programs would: chats, completions and embeddings of all sizes. */
async function ask(url: string, seconds: number, signal: AbortSignal): Promise<void> {
  const models = await installedModels(url, signal)
  const embedding = models.find(({ name }) => name.includes('embed'))?.name
  if (embedding !== undefined && Math.random() < 0.05)
    return send(`${url}/api/embed`, { model: embedding, input: prompt(), keep_alive: '10s' }, signal)
  const asked = body(
    choose(
      models.filter(({ name }) => name !== embedding),
      seconds,
    ),
  )
  return send(`${url}/api/${'prompt' in asked ? 'generate' : 'chat'}`, asked, signal)
}

/** Traffic on the simulated Ollama until the signal aborts. */
export const ollamaTraffic = (url: string, signal: AbortSignal): Promise<void> =>
  crowd({ most: 6, rest: 4000, signal }, (seconds) => ask(url, seconds, signal))
