import type { Fault } from './fault.ts'

/** Tokens that hardly come, as when a model runs on processors. Ollama publishes no speed, so no series tells of it. */
export const ollamaCrawls: Fault = {
  about: 'tokens come at two a second, whatever the model',
  alerts: [],
  panels: [],
  async start({ ollama: { control } }) {
    const ends = ['/api/chat', '/api/generate', '/v1/'].map((path) =>
      control.faults.hold({ kind: 'slow-tokens', path, ms: 500 }),
    )
    return () => ends.forEach((end) => end())
  },
}
