import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { ConfigError } from '../errors.ts'

/** The first line of standard input, where that is no terminal. */
async function fromPipe(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}

/** One line from the terminal that is not shown while it is typed. */
async function withoutEcho(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => reject(new ConfigError('nothing was changed')))
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

/** A new password: typed twice at a terminal, else the first line of standard input. */
export async function askPassword(whose: string): Promise<string> {
  if (!process.stdin.isTTY) return fromPipe()
  const first = await withoutEcho(`Password of ${whose}: `)
  if ((await withoutEcho('Once more: ')) === first) return first
  throw new ConfigError('these are two different passwords; nothing was changed')
}
