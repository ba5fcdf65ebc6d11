import { repeatedly } from '../traffic/crowd.ts'
import type { Fault } from './fault.ts'
import { smallest } from './models.ts'

/** A model with most of its layers on processors, and one with all of them there. */
export const ollamaSpilled: Fault = {
  about: 'a model lies mostly in main memory, and another one altogether',
  alerts: ['OllamaModelSpilled', 'OllamaModelOnProcessors'],
  panels: ['ollama: Spill by model', 'overview: Models spilled'],
  async start({ ollama: { control } }) {
    const [partly, wholly] = smallest(control)
    const load = (name: string, numGpu: number): void => {
      const spilled = control.loaded().some((runner) => runner.name === name && runner.options.num_gpu === numGpu)
      if (!spilled) control.load(name, { numGpu })
    }
    const stop = repeatedly(500, async () => {
      if (partly !== undefined) load(partly, 4)
      if (wholly !== undefined) load(wholly, 0)
    })
    return async () => {
      await stop()
      for (const name of [partly, wholly]) if (name !== undefined) control.unload(name)
    }
  },
}
