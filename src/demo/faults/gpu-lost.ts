import type { Fault } from './fault.ts'

/** A card that fell off the bus. */
export const gpuLost: Fault = {
  about: 'nvidia-smi says that the driver cannot be reached',
  alerts: ['GPUCollectionFailing'],
  panels: ['gpu: Age of the reading', 'prometheus: Collectors without success'],
  start: async ({ gpu }) => gpu.show({ mode: 'exit9' }),
}
