import type { Message } from '../../message.ts'
import { publishPassing, type Mirror } from './mirror.ts'

/** Between two snapshots, ms. */
const shortest = 100

export interface MirrorState extends Mirror {
  /**
   * Somebody was just let in with a snapshot, but is not listening yet: what is published in between passes them by, so
   * they get the newest once more, soon and then later.
   */
  joined(now: number): void
}

const soon = 250
const later = 2000

/**
 * For topics of class state: Centrifugo always gets the newest whole snapshot, however many values changed since the
 * last. So whatever a client missed, the next message makes it right, and an outage leaves nothing behind.
 */
export function createMirrorState(name: string, snapshot: () => readonly Message[]): MirrorState {
  let changed = false
  let last = Number.NEGATIVE_INFINITY
  let soonAt = Number.POSITIVE_INFINITY
  let laterAt = Number.POSITIVE_INFINITY
  return {
    name,
    logged: false,
    lost: 0,
    add: () => void (changed = true),
    // What changed meanwhile waits already; whoever subscribes anew begins with a snapshot.
    resume: () => undefined,
    joined(now) {
      // However many come at once, they share the repeats.
      soonAt = Math.min(soonAt, now + soon)
      laterAt = now + later
    },
    due(now) {
      const earliest = Math.max(0, last + shortest - now)
      if (changed) return earliest
      const next = Math.min(soonAt, laterAt)
      return Number.isFinite(next) ? Math.max(earliest, next - now) : undefined
    },
    take(now) {
      last = now
      changed = false
      if (soonAt <= now) soonAt = Number.POSITIVE_INFINITY
      if (laterAt <= now) laterAt = Number.POSITIVE_INFINITY
      const messages = snapshot()
      if (messages.length === 0) return undefined
      return {
        commands: messages.map((message) => publishPassing(name, message)),
        done: () => undefined,
        failed: () => void (changed = true),
      }
    },
    get queued() {
      return changed ? 1 : 0
    },
  }
}
