import { createInterface } from 'node:readline'

/** Takes lines that are typed on a terminal; returns how to end it. Ctrl-C stays what it is. */
export function listenOnTerminal(
  input: NodeJS.ReadStream,
  answer: (line: string) => Promise<string>,
  say: (text: string) => void,
): () => void {
  if (!input.isTTY) return () => undefined
  const lines = createInterface({ input, terminal: false })
  lines.on('line', (line) => {
    if (line.trim() !== '')
      answer(line).then(say, (error: unknown) => say(error instanceof Error ? error.message : String(error)))
  })
  return () => {
    lines.close()
    input.pause()
  }
}
