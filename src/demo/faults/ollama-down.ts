import type { Fault } from './fault.ts'

/** The process is gone, with everything it had loaded. */
export const ollamaDown: Fault = {
  about: 'Ollama is ended and refuses connections',
  alerts: ['OllamaDown'],
  panels: ['ollama: Ollama', 'ollama: Models loaded', 'overview: What answers'],
  async start({ ollama: { control } }) {
    await control.die()
    return () => control.revive()
  },
}
