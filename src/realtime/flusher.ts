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
  /** After about `ms`, together with all others that fall due. */
  bulk(box: Box, ms: number): void
  /** No longer; a closed queue leaves no trace. */
  drop(box: Box): void
  /** Queues that wait for their turn. */
  readonly waiting: number
}

// Between slices whatever is urgent gets its turn, and takes along what waits for the same connection.
const slice = 256
const step = 50
// An alarm that is this much too late is not set anew.
const lateness = 5

/** Those whose turn it is, and in how many ms it is that of the next. */
function takeDue<Box extends Flushable>(
  waiting: Set<Box>,
  now: number,
): readonly [ready: readonly Box[], rest: number] {
  const ready: Box[] = []
  let rest = step
  for (const box of waiting) {
    const ms = (box.due ?? 0) - now
    // Half a step of slack: one alarm for many.
    if (ms > step / 2) {
      rest = Math.min(rest, ms)
      continue
    }
    waiting.delete(box)
    box.due = undefined
    ready.push(box)
  }
  return [ready, rest]
}

/** One timer that is set anew only when it would ring too late. */
function createAlarm(clock: Clock, run: () => void) {
  let cancel: (() => void) | undefined
  let next = 0
  return {
    /** Rings within `ms`. */
    within(ms: number): void {
      const at = clock.monotonic() + ms
      if (cancel !== undefined && next <= at + lateness) return
      cancel?.()
      next = at
      cancel = clock.after(ms, () => {
        cancel = undefined
        run()
      })
    },
    off(): void {
      cancel?.()
      cancel = undefined
    },
  }
}

/** Two shared alarms for all connections: the end of the turn, and a coarse timer that runs only while needed. */
export function createFlusher<Box extends Flushable>(
  clock: Clock,
  flush: (box: Box, bulk: boolean) => void,
): Flusher<Box> {
  let prompt: Box[] = []
  const waiting = new Set<Box>()
  let armed = false
  const alarm = createAlarm(clock, turn)

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
    const [ready, rest] = takeDue(waiting, clock.monotonic())
    flushBulk(ready, 0)
    if (waiting.size > 0) alarm.within(rest)
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
      alarm.within(Math.min(ms, step))
    },
    drop(box) {
      waiting.delete(box)
      box.due = undefined
      if (waiting.size === 0) alarm.off()
    },
    get waiting() {
      return prompt.filter(({ closed }) => !closed).length + waiting.size
    },
  }
}
