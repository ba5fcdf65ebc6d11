import type { Fault } from './fault.ts'

/** Hardly any video memory left. */
export const gpuFull: Fault = {
  about: 'the memory of the card is nearly full',
  alerts: ['GPUMemoryNearlyFull'],
  panels: [
    'gpu: Video memory used',
    'gpu: Video memory over time',
    'ollama: Video memory of the cards',
    'overview: Video memory',
  ],
  start: async ({ gpu }) => gpu.show({ condition: 'full' }),
}
