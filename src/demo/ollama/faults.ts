/** How a request can be spoilt. `path` and `method` choose which ones, `times` how many (all, if absent). */
export interface Fault {
  readonly kind: FaultKind
  /** Beginning of the path, `/api/ps`; absent for every path. */
  readonly path?: string
  readonly method?: string
  readonly times?: number
  /** `slow`, `slow-first-token`: how long, in real ms; `slow-tokens`: before each chunk. */
  readonly ms?: number
  /** `cut-stream`, `error-mid-stream`: after so many chunks. */
  readonly after?: number
  /** `status`: which one. */
  readonly status?: number
  /** Text of the error, where the fault has one. */
  readonly message?: string
}

export const faultKinds = [
  'hang', // accepts and never answers
  'slow', // answers as it should, late
  'reset', // closes the connection without an answer
  'half-body', // promises more than it sends
  'bad-json',
  'html', // what a proxy in front would say
  'huge', // an endless body
  'status',
  'busy', // 503, as when the queue is full
  'slow-first-token',
  'slow-tokens', // the stream crawls
  'cut-stream',
  'error-mid-stream',
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface Faults {
  add(fault: Fault): void
  /** The same; returns how to take it away again before it is used up. */
  hold(fault: Fault): () => void
  clear(): void
  list(): readonly Fault[]
  /** The faults that meet this request, used up by one. */
  take(method: string, path: string): readonly Fault[]
}

export function createFaults(): Faults {
  let active: { fault: Fault; left: number }[] = []
  function hold(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity }
    active.push(entry)
    return () => void (active = active.filter((other) => other !== entry))
  }
  return {
    add: (fault) => void hold(fault),
    hold,
    clear: () => void (active = []),
    list: () => active.map(({ fault }) => fault),
    take(method, path) {
      const met = active.filter(({ fault }) => matches(fault, method, path))
      for (const entry of met) entry.left--
      active = active.filter(({ left }) => left > 0)
      return met.map(({ fault }) => fault)
    },
  }
}

function matches({ path = '/', method = '' }: Fault, requestMethod: string, requestPath: string): boolean {
  return requestPath.startsWith(path) && (method === '' || method === requestMethod)
}

/** A fault as posted to `/__sim/faults`; throws what is wrong with it. */
export function parseFault(value: unknown): Fault {
  const fault = value as Partial<Fault> | null
  if (fault === null || !faultKinds.includes(fault?.kind as FaultKind)) {
    throw new Error(`kind must be one of ${faultKinds.join(', ')}`)
  }
  return fault as Fault
}
