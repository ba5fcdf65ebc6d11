import type { Message } from '../../message.ts'
import type { Position } from '../../types.ts'
import { publishLogged, type Mirror } from './mirror.ts'

export interface MirrorLogOptions {
  readonly name: string
  /** Where our own log stands. */
  readonly position: () => Position
  /** What is kept for a Centrifugo that has lost its history; ms. What was never sent is kept however old it is. */
  readonly age: number
  readonly monotonic: () => number
  /** Oldest first. */
  readonly stored: readonly Message[]
}

const mostMessages = 1000
const mostBytes = 16 * 1024 * 1024
const batchMessages = 100
const batchBytes = 256 * 1024

/** The newest messages of a topic, and up to which of them Centrifugo has it all. */
function createBacklog({ age, monotonic, stored, position }: MirrorLogOptions) {
  let kept: Message[] = [...stored]
  let bytes = kept.reduce((sum, message) => sum + message.bytes, 0)
  const backlog = { sent: position().offset, lost: 0, add, trim, waiting }

  function trim(): void {
    const now = monotonic()
    let drop = 0
    for (const message of kept) {
      const full = kept.length - drop > mostMessages || bytes > mostBytes
      const old = message.offset <= backlog.sent && now - message.at > age
      if (!full && !old) break
      bytes -= message.bytes
      drop++
      if (message.offset > backlog.sent) backlog.lost++
    }
    if (drop > 0) kept = kept.slice(drop)
  }
  function add(message: Message): void {
    kept.push(message)
    bytes += message.bytes
    trim()
  }
  /** Oldest first. The usual case is that nothing waits, and then there is nothing to look through. */
  function waiting(): readonly Message[] {
    if ((kept.at(-1)?.offset ?? 0) <= backlog.sent) return []
    return kept.slice(kept.findIndex(({ offset }) => offset > backlog.sent))
  }
  return backlog
}

/** As much of it as goes into one request; one message at least. */
function batchOf(messages: readonly Message[]): readonly Message[] {
  const found = messages.slice(0, batchMessages)
  let size = 0
  const beyond = found.findIndex((message, i) => (size += message.bytes) > batchBytes && i > 0)
  return beyond === -1 ? found : found.slice(0, beyond)
}

/** For topics of which every message counts: sends what Centrifugo's log does not have, in order. */
export function createMirrorLog(options: MirrorLogOptions): Mirror {
  const { name, position } = options
  const backlog = createBacklog(options)
  return {
    name,
    logged: true,
    add: (message) => backlog.add(message),
    resume(last) {
      backlog.trim()
      const { epoch, offset } = position()
      // Another log's position says nothing; one ahead of ours comes from a database that was set back.
      backlog.sent = last?.epoch === epoch ? Math.min(last.offset, offset) : 0
    },
    due: () => (backlog.waiting().length > 0 ? 0 : undefined),
    take() {
      const messages = batchOf(backlog.waiting())
      const last = messages.at(-1)
      if (last === undefined) return undefined
      const { epoch } = position()
      return {
        commands: messages.map((message) => publishLogged(name, message, epoch)),
        done: () => void (backlog.sent = Math.max(backlog.sent, last.offset)),
        failed: () => undefined,
      }
    },
    get queued() {
      return backlog.waiting().length
    },
    get lost() {
      return backlog.lost
    },
  }
}
