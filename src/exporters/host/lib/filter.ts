import { ConfigError } from '../../../errors.ts'

/** Whether a name (device, mount point, field) is wanted; answers are remembered, since the names hardly change. */
export type Wanted = (name: string) => boolean

const remembered = 10_000

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern)
  } catch (cause) {
    throw new ConfigError(`exporters.host: ${JSON.stringify(pattern)} is not a regular expression`, { cause })
  }
}

function memo(test: Wanted): Wanted {
  const answers = new Map<string, boolean>()
  return (name) => {
    let answer = answers.get(name)
    if (answer === undefined) {
      if (answers.size >= remembered) answers.clear()
      answers.set(name, (answer = test(name)))
    }
    return answer
  }
}

/** As node_exporter filters: `include`, if given, decides alone; otherwise all but what `exclude` matches. Neither is anchored. */
export function createFilter(exclude: string, include = ''): Wanted {
  if (include !== '') {
    const wanted = compile(include)
    return memo((name) => wanted.test(name))
  }
  if (exclude === '') return () => true
  const unwanted = compile(exclude)
  return memo((name) => !unwanted.test(name))
}
