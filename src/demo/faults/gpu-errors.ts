import type { Fault } from './fault.ts'

/** Memory errors; nvidia-smi knows of these, but not of XIDs, which only the log of the kernel has. */
export const gpuErrors: Fault = {
  about: 'the memory of the card returns wrong data',
  alerts: ['GPUUncorrectableEccErrors'],
  panels: ['gpu: Memory errors'],
  start: async ({ gpu }) => gpu.show({ condition: 'ecc' }),
}
