/** What one subscriber has seen. */
export interface Seen {
  /** Number of the newest message. */
  last: number
}

/** Part of what was read. */
export interface Text {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** Counts what arrives and how long it took. */
export interface Tally {
  /** The messages in the bytes of a frame, read at `now` (µs); says how many. */
  frame(seen: Seen, text: Text, now: number): number
  /** A message that a resume brought. */
  number(seen: Seen, n: number): void
  reset(): void
  readonly samples: number[]
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
}

// Every message begins so, whatever envelope it comes in.
const needle = Buffer.from('{"n":')
const zero = '0'.charCodeAt(0)
const separator = ',"t":'.length

export function createTally(): Tally {
  let tally = { samples: [] as number[], delivered: 0, lost: 0, duplicated: 0 }
  let at = 0
  function digits(bytes: Buffer): number {
    let value = 0
    for (;;) {
      const digit = (bytes[at] ?? 0) - zero
      if (digit < 0 || digit > 9) return value
      value = value * 10 + digit
      at++
    }
  }
  function number(seen: Seen, n: number): void {
    tally.delivered++
    if (n <= seen.last) tally.duplicated++
    else {
      tally.lost += n - seen.last - 1
      seen.last = n
    }
  }
  return {
    number,
    frame(seen, { bytes, start, end }, now) {
      let count = 0
      for (at = start; ; count++) {
        const found = bytes.indexOf(needle, at)
        // None, if it is only word of values that were conflated away. What lies behind the end is of an older read.
        if (found === -1 || found >= end) return count
        at = found + needle.length
        const n = digits(bytes)
        at += separator
        tally.samples.push(now - digits(bytes))
        number(seen, n)
      }
    },
    reset: () => void (tally = { samples: [], delivered: 0, lost: 0, duplicated: 0 }),
    get samples() {
      return tally.samples
    },
    get delivered() {
      return tally.delivered
    },
    get lost() {
      return tally.lost
    },
    get duplicated() {
      return tally.duplicated
    },
  }
}
