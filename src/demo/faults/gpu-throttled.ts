import type { Fault } from './fault.ts'

/** Clocks that heat keeps down. */
export const gpuThrottled: Fault = {
  about: 'the card slows itself down because it is too hot',
  alerts: ['GPUThermalSlowdown', 'GPUSoftwareThermalSlowdown'],
  panels: ['gpu: Slowed down', 'gpu: Clocks', 'gpu: Time slowed down'],
  start: async ({ gpu }) => gpu.show({ condition: 'throttled' }),
}
