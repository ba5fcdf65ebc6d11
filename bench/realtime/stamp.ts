/**
 * Monotonic µs, comparable between the processes of one machine. Not performance.now() with an origin: two clocks cannot
 * be read at once, and what lies between the two readings would be in every latency.
 */
export const stamp = (): number => Number(process.hrtime.bigint() / 1000n)
