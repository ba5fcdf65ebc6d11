import { conditions, parseCondition, type Present } from './conditions.ts'
import { machines, type Machine } from './recording.ts'

/**
 * `vary` moves smoothly between idle and load. The others are faults: no answer, driver gone, nonsense, an answer cut
 * off in the middle, no GPU, a late answer.
 */
export const modes = [
  'idle',
  'load',
  'vary',
  'mig',
  'na',
  'hang',
  'exit9',
  'garbage',
  'half',
  'nodevices',
  'slow',
] as const
export type Mode = (typeof modes)[number]

export interface Scene {
  readonly mode: Mode
  readonly machine: Machine
  /** 0 idle to 1 load, for `vary`; without it a function of time. */
  readonly activity: number | undefined
  /** MiB in use; without it what was recorded. */
  readonly memory?: number
  /** What is wrong with the card. */
  readonly present?: readonly Present[]
}

const is = <T extends string>(list: readonly T[], word: string): word is T => (list as readonly string[]).includes(word)

/** The machine of a mode that says none; the recorded RTX card was never busy enough to look alive. */
const usual: Partial<Record<Mode, Machine>> = { vary: 'h200', mig: 'h200-mig', na: 'gt-1030' }

/** What one setting of a scene says, `activity=0.4`; undefined if it says nothing. */
function settingOf(setting: string): Partial<Scene> | undefined {
  const [key, value = ''] = setting.split('=')
  if (key === 'machine' && is(machines, value)) return { machine: value }
  if (key === 'activity' && Number(value) >= 0 && Number(value) <= 1) return { activity: Number(value) }
  if (key === 'memory' && /^\d+$/.test(value)) return { memory: Number(value) }
  const condition = key === 'with' ? parseCondition(value) : undefined
  return condition && { present: [condition] }
}

/**
 * `load`, `vary machine=h200 activity=0.4 with=hot`: a mode, then what differs from the usual machine. Throws on other
 * words.
 */
export function parseScene(text: string): Scene {
  const [mode = 'idle', ...settings] = text.trim() === '' ? [] : text.trim().split(/\s+/)
  if (!is(modes, mode)) throw new Error(`mode ${mode} is not one of ${modes.join(', ')}`)
  const said = settings.map((setting) => {
    const found = settingOf(setting)
    if (found === undefined)
      throw new Error(
        `${setting} is neither machine=${machines.join('|')} nor activity=0..1, memory=MiB or with=${Object.keys(conditions).join('|')}`,
      )
    return found
  })
  const scene: Scene = { mode, machine: usual[mode] ?? 'rtx-4080-super', activity: undefined }
  return Object.assign(scene, ...said, { present: said.flatMap(({ present = [] }) => present) })
}
