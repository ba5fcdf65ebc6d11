export interface SocketLimits {
  /** Connections in all. */
  readonly total: number
  readonly perPrincipal: number
  readonly perAddress: number
}

/** Who is connected, counted. */
export interface SocketBooks {
  /** Enters a connection; the result takes it out again, once. Undefined: there is no room for it. */
  open(principal: string, address: string): (() => void) | undefined
  readonly total: number
  /** Principals and addresses with at least one connection. */
  readonly keys: number
}

/** `shared` names principals and addresses that stand for many, and so are held only by the total. */
export function createSocketBooks(limits: SocketLimits, shared: (key: string) => boolean): SocketBooks {
  const principals = new Map<string, number>()
  const addresses = new Map<string, number>()
  let total = 0
  const full = (books: Map<string, number>, key: string, most: number): boolean =>
    !shared(key) && (books.get(key) ?? 0) >= most
  return {
    open(principal, address) {
      if (total >= limits.total) return undefined
      if (full(principals, principal, limits.perPrincipal) || full(addresses, address, limits.perAddress)) {
        return undefined
      }
      total += 1
      add(principals, principal, 1)
      add(addresses, address, 1)
      let open = true
      return () => {
        if (!open) return
        open = false
        total -= 1
        add(principals, principal, -1)
        add(addresses, address, -1)
      }
    },
    get total() {
      return total
    },
    get keys() {
      return principals.size + addresses.size
    },
  }
}

function add(books: Map<string, number>, key: string, by: number): void {
  const count = (books.get(key) ?? 0) + by
  if (count === 0) books.delete(key)
  else books.set(key, count)
}
