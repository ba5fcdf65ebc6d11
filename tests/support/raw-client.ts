import { WebSocket } from 'ws'

/** A socket that speaks the protocol by hand: for everything that the real client would never send. */
export async function rawClient(url: string, options: { connect?: boolean } = {}) {
  const socket = new WebSocket(url)
  const replies: Record<string, unknown>[] = []
  const texts: string[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  socket.on('message', (data: Buffer) => {
    for (const line of data.toString().split('\n')) {
      texts.push(line)
      replies.push(JSON.parse(line) as Record<string, unknown>)
    }
  })
  socket.on('error', () => undefined)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const raw = {
    socket,
    texts,
    replies,
    closed,
    send: (...commands: (string | object)[]) =>
      socket.send(
        commands.map((command) => (typeof command === 'string' ? command : JSON.stringify(command))).join('\n'),
      ),
    /** The answer to the command with that id. */
    async reply(id: number): Promise<Record<string, unknown>> {
      const end = Date.now() + 5000
      for (;;) {
        const found = replies.find((reply) => reply['id'] === id)
        if (found !== undefined) return found
        if (Date.now() > end) throw new Error(`no reply to ${id}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    [Symbol.dispose]: () => socket.terminate(),
  }
  if (options.connect !== false) {
    raw.send({ id: 1, connect: {} })
    await raw.reply(1)
  }
  return raw
}
