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
}

const is = <T extends string>(list: readonly T[], word: string): word is T => (list as readonly string[]).includes(word)

/** The machine of a mode that says none; the recorded RTX card was never busy enough to look alive. */
const usual: Partial<Record<Mode, Machine>> = { vary: 'h200', mig: 'h200-mig', na: 'gt-1030' }

/** `load`, `vary machine=h200 activity=0.4`: a mode, then what differs from the usual machine. Throws on other words. */
export function parseScene(text: string): Scene {
  const [mode = 'idle', ...settings] = text.trim() === '' ? [] : text.trim().split(/\s+/)
  if (!is(modes, mode)) throw new Error(`mode ${mode} is not one of ${modes.join(', ')}`)
  let [machine, activity]: [Machine, number | undefined] = [usual[mode] ?? 'rtx-4080-super', undefined]
  for (const setting of settings) {
    const [key, value = ''] = setting.split('=')
    if (key === 'machine' && is(machines, value)) machine = value
    else if (key === 'activity' && Number(value) >= 0 && Number(value) <= 1) activity = Number(value)
    else throw new Error(`${setting} is neither machine=${machines.join('|')} nor activity=0..1`)
  }
  return { mode, machine, activity }
}
