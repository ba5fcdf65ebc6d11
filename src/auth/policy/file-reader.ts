import type { LineCounter, Node } from 'yaml'

/** A value of the file, with the line it stands on. Every `take…` tells what is wrong and then goes on. */
export interface Part {
  readonly line: number
  fail(message: string): void
  /** Its members by name; other names than `allowed`, where given, are told. */
  map(allowed?: readonly string[]): ReadonlyMap<string, Part>
  list(): readonly Part[]
  text(): string
  number(): number
}

/** Reads YAML strictly: no aliases, no repeated keys, no values of another kind than asked for. */
export async function readParts(text: string): Promise<{ root: Part; errors: string[] }> {
  const { LineCounter, isMap, isScalar, isSeq, parseDocument } = await import('yaml')
  const lines: LineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: false })
  const errors = document.errors.map(
    ({ message, pos }) => `line ${lines.linePos(pos[0]).line}: ${message.split('\n', 1)[0]}`,
  )

  function part(node: unknown, at: number, name: string): Part {
    const range = (node as Node | null)?.range?.[0]
    const line = range === undefined ? at : lines.linePos(range).line
    const fail = (message: string): void => void errors.push(`line ${line}: ${name}${message}`)
    const scalar = isScalar(node) ? node.value : undefined
    return {
      line,
      fail,
      map(allowed) {
        const members = new Map<string, Part>()
        if (!isMap(node)) fail(' must have named members')
        else
          for (const { key, value } of node.items) {
            const label = isScalar(key) ? String(key.value) : '?'
            const there = (key as Node).range?.[0]
            const own = there === undefined ? line : lines.linePos(there).line
            if (allowed !== undefined && !allowed.includes(label))
              errors.push(`line ${own}: ${label} is not known here; there are ${allowed.join(', ')}`)
            else members.set(label, part(value, own, label))
          }
        return members
      },
      list() {
        if (isSeq(node)) return node.items.map((item) => part(item, line, `an item of ${name}`))
        fail(' must be a list')
        return []
      },
      text() {
        if (typeof scalar === 'string') return scalar
        fail(' must be text')
        return ''
      },
      number() {
        if (typeof scalar === 'number') return scalar
        fail(' must be a number')
        return 0
      },
    }
  }
  return { root: part(document.contents, 1, 'the file'), errors }
}
