interface Native {
  readonly dlopen: (
    library: string,
    functions: object,
  ) => { symbols: { clock_gettime(clock: number, into: unknown): number } }
  readonly ptr: (bytes: BigInt64Array) => unknown
}

/** Bun counts from a beginning of its own: there the system is asked. */
function createBunStamp({ dlopen, ptr }: Native): () => number {
  const into = new BigInt64Array(2)
  const { symbols } = dlopen('libc.so.6', { clock_gettime: { args: ['i32', 'ptr'], returns: 'i32' } })
  return () => {
    symbols.clock_gettime(1, ptr(into))
    return Number((into[0] ?? 0n) * 1_000_000n + (into[1] ?? 0n) / 1000n)
  }
}

const bun = (globalThis as { Bun?: { FFI: Native } }).Bun

/**
 * Monotonic µs, comparable between the processes of one machine. Not performance.now() with an origin: two clocks cannot
 * be read at once, and what lies between the two readings would be in every latency.
 */
export const stamp: () => number =
  bun === undefined ? () => Number(process.hrtime.bigint() / 1000n) : createBunStamp(bun.FFI)
