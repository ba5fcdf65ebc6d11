/** Drawings waiting for a frame: one in each, and each once however often it was asked for. */
export interface DrawQueue {
  ask(draw: () => void): void
  forget(draw: () => void): void
}

/** `frame` calls back before the next paint: no frames, no drawing, as in a tab that nobody sees. */
export function createDrawQueue(frame: (run: () => void) => void): DrawQueue {
  const waiting = new Set<() => void>()
  let asked = false
  const next = (): void => {
    if (asked || waiting.size === 0) return
    asked = true
    frame(() => {
      asked = false
      const [first] = waiting
      if (first !== undefined) waiting.delete(first)
      next()
      first?.()
    })
  }
  return {
    ask(draw) {
      waiting.add(draw)
      next()
    },
    forget: (draw) => void waiting.delete(draw),
  }
}
