const browsers = [
  ['Edge', /Edg\//],
  ['Opera', /OPR\//],
  ['Firefox', /Firefox\//],
  ['Chromium', /Chrom(?:e|ium)\//],
  ['Safari', /Safari\//],
] as const

const systems = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['Linux', /Linux|X11/],
] as const

const find = (agent: string, names: readonly (readonly [string, RegExp])[]): string | undefined =>
  names.find(([, pattern]) => pattern.test(agent))?.[0]

/** A browser as people call it: `Firefox on Linux`. What is none of the known ones keeps its own first words. */
export function agentName(agent: string | undefined): string {
  if (agent === undefined || agent === '') return 'unknown'
  const [browser, system] = [find(agent, browsers), find(agent, systems)]
  if (browser === undefined) return agent.slice(0, 40)
  return system === undefined ? browser : `${browser} on ${system}`
}
