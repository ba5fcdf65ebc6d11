/** A session or token in memory, so that a request needs no look into the database. Times are ms since the epoch. */
export interface Held {
  readonly kind: 'session' | 'token'
  /** Public. */
  readonly id: string
  /** SHA-256 of its secret. */
  hash: string
  readonly userId: string
  readonly userName: string
  readonly expiresAt: number | undefined
  /** Of a session: ms without use after which it ends. */
  readonly idle: number | undefined
  lastSeenAt: number
  /** When that was last written down; undefined: never used. */
  writtenAt: number | undefined
  authenticatedAt: number | undefined
  readonly method: string
  /** Of a session: what pages send along to show that a request is theirs. */
  readonly csrf: string
  /** Of a session: roles when its secret was handed out. */
  roles: string
  /** Of a token: what it is narrowed to. */
  readonly scopes: ReadonlySet<string> | undefined
  /** Over; whoever still holds this object has no rights any more. */
  ended: boolean
}

export const isOver = ({ ended, expiresAt, idle, lastSeenAt }: Held, now: number): boolean =>
  ended || (expiresAt !== undefined && expiresAt <= now) || (idle !== undefined && lastSeenAt + idle <= now)

export interface HeldBooks {
  byHash(hash: string): Held | undefined
  byId(id: string): Held | undefined
  add(held: Held): void
  /** Its secret becomes another; the old one is still understood until `until`, for requests under way. */
  rehash(held: Held, hash: string, until: number): void
  /** Takes out those for which it holds; they have no rights from that moment on. */
  end(which: (held: Held) => boolean): Held[]
  all(): Iterable<Held>
  /** Grows with every end: what was read from the database before it may be stale. */
  readonly generation: number
  readonly size: number
}

/** At most `capacity` are kept; the one that was asked for longest ago goes first, and is read again when needed. */
export function createHeldBooks(capacity: number, now: () => number): HeldBooks {
  const byHash = new Map<string, Held>()
  const byId = new Map<string, Held>()
  const former = new Map<string, { held: Held; until: number }>()
  let generation = 0
  function drop(held: Held): void {
    held.ended = true
    if (byHash.get(held.hash) === held) byHash.delete(held.hash)
    if (byId.get(held.id) === held) byId.delete(held.id)
  }
  function ofFormer(hash: string): Held | undefined {
    const found = former.get(hash)
    return found !== undefined && found.until > now() && !found.held.ended ? found.held : undefined
  }
  return {
    byHash(hash) {
      const held = byHash.get(hash)
      if (held === undefined) return ofFormer(hash)
      byHash.delete(hash)
      byHash.set(hash, held)
      return held
    },
    byId: (id) => byId.get(id),
    add(held) {
      const before = byId.get(held.id)
      if (before !== undefined) drop(before)
      byHash.set(held.hash, held)
      byId.set(held.id, held)
      const oldest = byHash.size > capacity ? byHash.values().next().value : undefined
      if (oldest !== undefined) drop(oldest)
    },
    rehash(held, hash, until) {
      for (const [old, entry] of former) if (entry.until <= now() || entry.held.ended) former.delete(old)
      former.set(held.hash, { held, until })
      byHash.delete(held.hash)
      held.hash = hash
      byHash.set(hash, held)
    },
    end(which) {
      generation++
      const found = [...byId.values()].filter(which)
      for (const held of found) drop(held)
      return found
    },
    all: () => byId.values(),
    get generation() {
      return generation
    },
    get size() {
      return byId.size
    },
  }
}
