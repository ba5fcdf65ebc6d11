import { createLog, type Finding } from './log.ts'
import { delivery, drops, duplicates, gaps, reconnect, recovered, refusals, skipped } from './measures.ts'
import { headOf, opening, type Reply } from './protocol.ts'
import { classOf } from './topics.ts'

function count({ missing, twice }: Finding): void {
  if (missing > 0) gaps.add(missing)
  if (twice > 0) duplicates.add(twice)
}

/** What one reader makes of the messages it gets, over all its connections. */
export function createReader(topics: readonly string[]) {
  const log = createLog()
  let cutAt: number | undefined
  let missing = topics.length

  function subscribed(channel: string, answer: NonNullable<Reply['subscribe']>): void {
    for (const finding of log.subscribed(channel, answer)) count(finding)
    if (answer.was_recovering === true && classOf(channel) !== 'state') recovered.add(answer.recovered === true)
    missing -= 1
    if (missing > 0 || cutAt === undefined) return
    reconnect.add(Date.now() - cutAt)
    cutAt = undefined
  }

  function answered({ id, error, subscribe }: Reply): void {
    if (error !== undefined) refusals.add(1, { code: String(error.code) })
    const channel = topics[id - 2]
    if (channel !== undefined && subscribe !== undefined) subscribed(channel, subscribe)
  }

  function pushed(text: string): void {
    const head = headOf(text)
    // The server ended a subscription.
    if (head === undefined) return drops.add(1)
    count(log.push(head))
    if (head.kind === 'gap') skipped.add(head.skipped)
    else delivery.add(Date.now() - head.ts, { class: classOf(head.channel) })
  }

  return {
    /** The first frame of a connection. */
    begin(): string {
      missing = topics.length
      return opening(topics, log.places)
    },
    /** The connection is gone; the time until everything is back runs from the first time this was said. */
    cut(): void {
      cutAt ??= Date.now()
    },
    /** One message that is no ping. */
    read(text: string): void {
      if (text.startsWith('{"push"')) pushed(text)
      else if (text !== '') answered(JSON.parse(text) as Reply)
    },
  }
}
