import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

const pair = (warning: number, critical: number, description: string) =>
  Type.Object(
    {
      warning: Type.Number({ default: warning, minimum: 0, description: 'From this on it is a warning.' }),
      critical: Type.Number({ default: critical, minimum: 0, description: 'From this on it is critical.' }),
    },
    { default: {}, description },
  )

export const systemConfig = Type.Object(
  {
    interval: duration('2s', 'Time between two readings while somebody watches.'),
    rest: duration('10s', 'Time between two readings, for the history, while nobody does.'),
    history: duration('15m', 'How far back the graphs reach from memory.'),
    cpu: pair(0.9, 0.97, 'Share of processor time that is in use, 0 to 1.'),
    cpu_sustained: duration('30s', 'How long the processors must be that busy before it counts.'),
    memory: pair(0.9, 0.97, 'Share of memory that is in use, 0 to 1.'),
    swap: pair(0.6, 0.9, 'Share of swap space that is in use, 0 to 1.'),
    load: pair(1.5, 3, 'Load average over 5 minutes, per processor.'),
    filesystems: pair(0.9, 0.97, 'Share of a file system that is in use, 0 to 1.'),
    temperatures: pair(85, 95, 'Temperature, °C, of a sensor that does not tell its own critical one.'),
    temperature_margin: Type.Number({
      default: 10,
      minimum: 0,
      description: 'Degrees below its own critical temperature at which a sensor is a warning.',
    }),
    gpu_memory: pair(0.95, 0.99, 'Share of a GPU’s memory that is in use, 0 to 1.'),
    gpu_temperature: pair(85, 95, 'Temperature of a GPU, °C.'),
  },
  { default: {}, description: 'Processors, memory, disks, network, temperatures, GPUs.' },
)

export type SystemConfig = Static<typeof systemConfig>
