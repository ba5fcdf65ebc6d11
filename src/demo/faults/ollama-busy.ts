import type { Fault } from './fault.ts'

/** What clients get when the queue is full. Ollama counts no answers, so no series tells of it. */
export const ollamaBusy: Fault = {
  about: 'Ollama is overloaded: chats and completions are answered with 503',
  alerts: [],
  panels: [],
  async start({ ollama: { control } }) {
    const ends = ['/api/chat', '/api/generate', '/v1/'].map((path) => control.faults.hold({ kind: 'busy', path }))
    return () => ends.forEach((end) => end())
  },
}
