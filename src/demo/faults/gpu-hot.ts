import type { Fault } from './fault.ts'

/** Chip and memory above what they may be. */
export const gpuHot: Fault = {
  about: 'the card is at 93 °C, its memory at 99 °C',
  alerts: ['GPUTemperatureHigh', 'GPUMemoryTemperatureHigh'],
  panels: ['gpu: Temperature', 'gpu: Temperatures'],
  start: async ({ gpu }) => gpu.show({ condition: 'hot' }),
}
