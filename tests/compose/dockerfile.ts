import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './stack.ts'

export interface Step {
  readonly word: string
  /** What stands behind the word, in one line. */
  readonly rest: string
}

export interface Stage {
  readonly image: string
  /** Empty for the last one. */
  readonly name: string
  readonly steps: readonly Step[]
}

/** The steps of a Dockerfile: comments left out, continued lines joined. */
export function parseSteps(text: string): Step[] {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\s*\\\n\s*/g, ' ')
  return lines.split('\n').flatMap((line) => {
    const [, word, rest] = /^([A-Z]+)\s+(.+)$/.exec(line.trim()) ?? []
    if (word === undefined || rest === undefined) return []
    return [{ word, rest }]
  })
}

/** Steps by stage. */
export function parseStages(text: string): Stage[] {
  const stages: { image: string; name: string; steps: Step[] }[] = []
  for (const step of parseSteps(text)) {
    const [image = '', , name = ''] = step.rest.split(/\s+/)
    if (step.word === 'FROM') stages.push({ image, name, steps: [] })
    else stages.at(-1)?.steps.push(step)
  }
  return stages
}

/** Dockerfile, as it is written. */
export const stages = parseStages(readFileSync(join(root, 'Dockerfile'), 'utf8'))

/** What a stage says with one word, in order. */
export const said = ({ steps }: Stage, word: string): string[] =>
  steps.filter((step) => step.word === word).map(({ rest }) => rest)

/** `ENV A=b C=d` of a stage. */
export function environmentOf(stage: Stage): Record<string, string> {
  const pairs = said(stage, 'ENV').flatMap((rest) => rest.split(/\s+/))
  return Object.fromEntries(pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]))
}

/** The sources of a COPY, the stage they come from (undefined: the checkout), and where they go. */
export function parseCopy(rest: string): { from: string | undefined; sources: string[]; target: string } {
  const words = rest.split(/\s+/)
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice(7) : undefined
  return { from, sources: words.slice(0, -1), target: words.at(-1) ?? '' }
}

/** Whether .dockerignore lets a path of the checkout through: the last line that matches it decides. */
export function sent(path: string, ignore: string): boolean {
  let passes = true
  for (const line of ignore.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const pattern = line.replace(/^!/, '')
    const regex = pattern
      .replaceAll('.', '\\.')
      .replaceAll('**/', '(.*/)?')
      .replaceAll(/(?<![.)])\*/g, '[^/]*')
    if (new RegExp(`^${regex}(/|$)`).test(path)) passes = line.startsWith('!')
  }
  return passes
}
