import { snapshot } from './answer.ts'
import { list, xml } from './document.ts'
import { helpQueryGpu, queryApps, queryGpu, type Answer } from './query.ts'
import type { Recording } from './recording.ts'
import type { Scene } from './scene.ts'

/** What the program prints, and after how many milliseconds; Infinity: never. */
export interface Behaviour extends Answer {
  readonly delay: number
}

const lost =
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. " +
  'Make sure that the latest NVIDIA driver is installed and running.\n\n'

/** One call of nvidia-smi, without side effects. */
export function simulate(args: readonly string[], scene: Scene, recording: Recording, time: Date): Behaviour {
  const { stdout, exitCode } = answer(args, scene, recording, time)
  switch (scene.mode) {
    case 'hang':
      return { stdout: '', exitCode: 0, delay: Infinity }
    case 'exit9':
      return { stdout: lost, exitCode: 9, delay: 0 }
    case 'nodevices':
      return { stdout: 'No devices were found\n', exitCode: 6, delay: 0 }
    case 'garbage':
      return { stdout: '\u0000\u0007%PDF-1.7 ,, [MiB] 0x\n"\n<gpu>, ;;\n', exitCode: 0, delay: 0 }
    case 'half':
      return { stdout: stdout.slice(0, Math.ceil(stdout.length * 0.7)).trimEnd(), exitCode, delay: 0 }
    case 'slow':
      return { stdout, exitCode, delay: 1500 }
    default:
      return { stdout, exitCode, delay: 0 }
  }
}

function answer(args: readonly string[], scene: Scene, recording: Recording, time: Date): Answer {
  const now = snapshot(recording, scene, time)
  const option = (name: string): string[] | undefined =>
    args
      .find((arg) => arg.startsWith(`--${name}=`))
      ?.slice(name.length + 3)
      .split(',')
  if (args.includes('--help-query-gpu')) return helpQueryGpu(now)
  if (args.includes('-L') || args.includes('--list-gpus')) return list(now)
  if (args.includes('-q') && args.includes('-x')) return xml(now)
  const format = option('format')
  const [gpu, apps] = [option('query-gpu'), option('query-compute-apps')]
  if (format?.includes('csv') && gpu !== undefined) return queryGpu(now, gpu, format)
  if (format?.includes('csv') && apps !== undefined) return queryApps(now, apps, format)
  return { stdout: "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\n", exitCode: 1 }
}
