import type { Clock } from './clock.ts'

/** A scheduled call; hold on to it to cancel. */
export interface Timer {
  readonly slot: number
  readonly run: () => void
}

export interface Wheel {
  /** Runs once after `ms`, at most one slot late. */
  schedule(ms: number, run: () => void): Timer
  cancel(timer: Timer | undefined): void
  /** Calls that are still to come. */
  readonly size: number
}

/** One timer of the clock for all connections' pings and expiries; none while nothing is scheduled. */
export function createWheel(clock: Clock, slotMs = 100): Wheel {
  const slots = new Map<number, Set<Timer>>()
  let size = 0
  let turned = 0
  let stop: (() => void) | undefined

  const slotAt = (ms: number): number => Math.floor(ms / slotMs)
  const arm = (): void => {
    stop ??= clock.after(slotMs, turn)
  }
  function cancel(timer: Timer | undefined): void {
    if (timer === undefined) return
    const slot = slots.get(timer.slot)
    if (slot?.delete(timer) !== true) return
    size--
    if (slot.size === 0) slots.delete(timer.slot)
    if (size > 0) return
    stop?.()
    stop = undefined
  }
  function turn(): void {
    stop = undefined
    const now = slotAt(clock.monotonic())
    for (; turned <= now; turned++) {
      for (const timer of slots.get(turned) ?? []) {
        cancel(timer)
        timer.run()
      }
    }
    if (size > 0) arm()
  }
  return {
    schedule(ms, run) {
      const now = clock.monotonic()
      if (size === 0) turned = slotAt(now)
      // The slot after the one in which it falls due: never early.
      const timer = { slot: slotAt(now + ms) + 1, run }
      const slot = slots.get(timer.slot)
      if (slot === undefined) slots.set(timer.slot, new Set([timer]))
      else slot.add(timer)
      size++
      arm()
      return timer
    },
    cancel,
    get size() {
      return size
    },
  }
}
