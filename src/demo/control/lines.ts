import { parseDuration } from '../../lib/duration.ts'
import { describeFault, faultNames, isFault, type FaultName } from '../faults/index.ts'
import type { FaultRunner } from '../faults/runner.ts'

export const help = `fault NAME[,NAME] [for 60s]   begin faults; for five minutes unless said, an hour at most
end NAME[,NAME] | end all     end them
faults                        every fault, and which are there now`

/** Faults named in a list, `gpu-hot,pg-blocked`. Throws on a name that is none. */
export function parseNames(text: string): readonly FaultName[] {
  return text.split(',').map((name) => {
    if (isFault(name)) return name
    throw new Error(`there is no fault ${JSON.stringify(name)}; there are ${faultNames.join(', ')}`)
  })
}

/** `60s`, `5m`, in ms. Throws on anything else. */
export function parseTime(text: string): number {
  if (!/^[0-9]{1,6}(s|m|h)$/.test(text)) throw new Error(`not a time: ${JSON.stringify(text)}; say 60s or 5m`)
  return parseDuration(text)
}

/** Every fault with what it does and where it shows. */
export const listFaults = (): string => faultNames.map(describeFault).join('\n')

function present({ present: there }: FaultRunner): string {
  const now = [...there].map(([name, until]) => `${name} (${Math.ceil((until - Date.now()) / 1000)} s left)`)
  return now.length === 0 ? 'none is there now' : `there now: ${now.join(', ')}`
}

async function all<T>(items: readonly T[], act: (item: T) => Promise<string>): Promise<string> {
  return (await Promise.all(items.map(act))).join('\n')
}

/** Does what a line asks for, and answers in one or several lines. Throws what is wrong with it. */
export async function obey(line: string, runner: FaultRunner): Promise<string> {
  const [verb = '', names = '', ...rest] = line.trim().split(/\s+/)
  const time = rest[0] === 'for' && rest.length === 2 ? parseTime(rest[1] ?? '') : undefined
  if (verb === 'faults' && names === '') return `${listFaults()}\n${present(runner)}`
  if (verb === 'end' && names === 'all') return all([...runner.present.keys()], (name) => runner.end(name))
  if (verb === 'end' && names !== '' && rest.length === 0) return all(parseNames(names), (name) => runner.end(name))
  if (verb === 'fault' && names !== '' && (rest.length === 0 || time !== undefined))
    return all(parseNames(names), (name) => runner.start(name, time))
  throw new Error(help)
}
