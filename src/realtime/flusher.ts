import type { Clock } from './clock.ts'

/** A queue that is emptied when its turn comes. */
export interface Flushable {
  /** Monotonic ms at which its bulk lane falls due; undefined while it does not wait for that. */
  due: number | undefined
  /** Whether it is to be emptied at the end of this turn. */
  prompt: boolean
  closed: boolean
}

export interface Flusher<Box extends Flushable> {
  /** At the end of this turn of the event loop, or of one of the next where many wait. */
  soon(box: Box): void
  /** After `ms`, together with all others that fall due. */
  bulk(box: Box, ms: number): void
  /** No longer; a closed queue leaves no trace. */
  drop(box: Box): void
  /** Queues that wait for their turn. */
  readonly waiting: number
}

// Between slices whatever is urgent gets its turn, and takes along what waits for the same connection.
const slice = 256
const step = 50

function takeDue<Box extends Flushable>(waiting: Set<Box>, now: number): readonly Box[] {
  const ready: Box[] = []
  for (const box of waiting) {
    // Half a step of slack: timers fire a little early or late, and a miss would cost a whole step.
    if ((box.due ?? 0) - now > step / 2) continue
    waiting.delete(box)
    box.due = undefined
    ready.push(box)
  }
  return ready
}

/** Two shared alarms for all connections: the end of the turn, and a coarse timer that runs only while needed. */
export function createFlusher<Box extends Flushable>(
  clock: Clock,
  flush: (box: Box, bulk: boolean) => void,
): Flusher<Box> {
  let prompt: Box[] = []
  const waiting = new Set<Box>()
  let armed = false
  let stop: (() => void) | undefined

  function arm(): void {
    if (armed) return
    armed = true
    clock.soon(flushPrompt)
  }
  function flushPrompt(): void {
    armed = false
    const boxes = prompt
    prompt = boxes.slice(slice)
    if (prompt.length > 0) arm()
    for (const box of boxes.slice(0, slice)) {
      box.prompt = false
      if (!box.closed) flush(box, false)
    }
  }
  function flushBulk(boxes: readonly Box[], from: number): void {
    for (const box of boxes.slice(from, from + slice)) if (!box.closed) flush(box, true)
    if (from + slice < boxes.length) clock.soon(() => flushBulk(boxes, from + slice))
  }
  function turn(): void {
    stop = undefined
    flushBulk(takeDue(waiting, clock.monotonic()), 0)
    if (waiting.size > 0) stop ??= clock.after(step, turn)
  }
  return {
    soon(box) {
      if (!box.prompt) prompt.push(box)
      box.prompt = true
      arm()
    },
    bulk(box, ms) {
      if (box.due === undefined) {
        box.due = clock.monotonic() + ms
        waiting.add(box)
      }
      stop ??= clock.after(step, turn)
    },
    drop(box) {
      waiting.delete(box)
      box.due = undefined
      if (waiting.size > 0) return
      stop?.()
      stop = undefined
    },
    get waiting() {
      return prompt.filter(({ closed }) => !closed).length + waiting.size
    },
  }
}
