import type { Head, Position, Reply } from './protocol.ts'
import { classOf } from './topics.ts'

/** What a message says of those before it. */
export interface Finding {
  readonly missing: number
  readonly twice: number
}

const fine: Finding = { missing: 0, twice: 0 }

/** What one reader has of each topic. */
export function createLog() {
  const places = new Map<string, Position>()

  function take(channel: string, offset: number): Finding {
    const place = places.get(channel)
    if (place === undefined || offset === 0) return fine
    if (offset > place.offset) places.set(channel, { epoch: place.epoch, offset })
    // Of readings only the newest counts.
    if (classOf(channel) === 'state') return fine
    return offset <= place.offset ? { missing: 0, twice: 1 } : { missing: offset - place.offset - 1, twice: 0 }
  }

  return {
    places: places as ReadonlyMap<string, Position>,
    push: ({ channel, offset }: Head): Finding => take(channel, offset),
    /** A topic is subscribed to (again); what was missed lies in the answer. */
    subscribed(channel: string, { epoch, offset, publications = [] }: NonNullable<Reply['subscribe']>): Finding[] {
      places.set(channel, { epoch, offset })
      return publications.map((publication) => take(channel, publication.offset ?? 0))
    },
  }
}
