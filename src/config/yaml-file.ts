import { readFileSync } from 'node:fs'
import { ConfigError } from '../errors.ts'

export interface YamlFile {
  readonly path: string
  readonly content: unknown
  /** The value at a path and the line it stands on; undefined if the file does not set it. */
  get(path: readonly string[]): { value: unknown; origin: string } | undefined
}

/** Reads a YAML file and remembers its lines. Throws `ConfigError` on anything that is not YAML. */
export async function readYaml(path: string): Promise<YamlFile> {
  const { LineCounter, isNode, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  const document = parseDocument(readText(path), { lineCounter: lines })
  const [broken] = document.errors
  if (broken) throw new ConfigError(`${path}: not valid YAML: ${broken.message.split('\n', 1)[0]}`)
  return {
    path,
    content: document.toJS() ?? {},
    get(keys) {
      const node = document.getIn(keys, true)
      if (node === undefined || node === null) return undefined
      const offset = isNode(node) ? node.range?.[0] : undefined
      const origin = offset === undefined ? path : `${path} line ${lines.linePos(offset).line}`
      return { value: isNode(node) ? node.toJS(document) : node, origin }
    },
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
