import type { Fault } from './fault.ts'

/** A driver that never answers. */
export const gpuHangs: Fault = {
  about: 'nvidia-smi hangs and cannot be ended politely',
  alerts: ['GPUCollectionFailing', 'GPUReadingStale'],
  panels: ['gpu: Age of the reading', 'prometheus: Collectors without success'],
  start: async ({ gpu }) => gpu.show({ mode: 'hang' }),
}
