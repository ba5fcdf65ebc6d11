import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { StartError } from '../../errors.ts'

/** Bytes that the address of a Unix socket may have. */
const longestPath = 107
const file = 'demo.sock'

const pathIn = (directory: string): string => join(directory, file)

async function serve(socket: Socket, answer: (line: string) => Promise<string>): Promise<void> {
  socket.on('error', () => undefined)
  for await (const line of createInterface({ input: socket })) {
    const text = await answer(line).then(
      (said) => `ok\n${said}`,
      (error: unknown) => `no\n${error instanceof Error ? error.message : String(error)}`,
    )
    socket.end(text)
    return
  }
}

/**
 * Takes one line a connection on a socket in this directory, which only whoever runs the demonstration may open.
 * Undefined where its path would be too long.
 */
export async function listenForLines(
  directory: string,
  answer: (line: string) => Promise<string>,
): Promise<AsyncDisposable | undefined> {
  const path = pathIn(directory)
  if (Buffer.byteLength(path) > longestPath || process.platform === 'win32') return undefined
  // That of a demonstration which was killed.
  rmSync(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    void serve(socket, answer)
      .catch(() => undefined)
      .finally(() => open.delete(socket))
  })
  server.listen(path)
  await once(server, 'listening')
  chmodSync(path, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Sends a line to the demonstration of this directory; its answer. Throws a `StartError` if none runs, or it says no. */
export async function sendLine(directory: string, line: string): Promise<string> {
  const socket = connect(pathIn(directory))
  try {
    await once(socket, 'connect')
  } catch (error) {
    throw new StartError(`no demonstration runs on ${directory}: start one with npm run demo`, { cause: error })
  }
  socket.write(`${line}\n`)
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk)
  const [, verdict, said = ''] = /^(ok|no)\n(.*)$/s.exec(text) ?? []
  if (verdict !== 'ok') throw new StartError(said || 'the demonstration has ended')
  return said
}
