import { repeatedly } from '../traffic/crowd.ts'
import type { Fault } from './fault.ts'
import { smallest } from './models.ts'

/** More models in use than fit, each asked in turn. */
export const ollamaThrash: Fault = {
  about: 'models push each other out of memory every few seconds',
  alerts: ['OllamaModelThrash'],
  panels: ['ollama: Loads and unloads', 'ollama: Video memory by model'],
  async start({ ollama: { control } }) {
    const names = smallest(control)
    let at = 0
    const stop = repeatedly(2500, async () => {
      for (const { name } of control.loaded()) control.unload(name)
      const name = names[at++ % names.length]
      if (name !== undefined) control.load(name)
    })
    return stop
  },
}
