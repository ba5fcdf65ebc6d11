// Node's clock for performance.now() is the machine's monotonic one, with an origin per process.
const origin = Number(process.hrtime.bigint()) / 1e3 - performance.now() * 1e3

/** Monotonic µs, comparable between the processes of one machine. */
export const stamp = (): number => Math.round(origin + performance.now() * 1e3)
