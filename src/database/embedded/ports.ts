import { StartError } from '../../errors.ts'
import { findFreePort, isPortFree } from '../../lib/free-port.ts'
import type { Logger } from '../../lib/logger.ts'

// Below the range from which systems take ports for outgoing connections, so that ours stays free between two runs.
const firstPort = 15_432
const attempts = 5

/**
 * Ports to try, in order. A configured one (not 0) is the only one; else the one remembered, then free ones, said so
 * when the remembered one is taken.
 */
export async function* candidatePorts(configured: number, remembered: number, log: Logger): AsyncGenerator<number> {
  if (configured !== 0) {
    if (await isPortFree(configured)) {
      yield configured
      return
    }
    throw new StartError(
      `port ${configured} (database.embedded_port) is in use by another program: choose another, or 0 for any free one`,
    )
  }
  if (remembered !== 0 && (await isPortFree(remembered))) yield remembered
  let next = firstPort
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = await findFreePort(next)
    if (port === undefined) break
    if (remembered !== 0) {
      log.warn(
        { port },
        `port ${remembered} of the embedded PostgreSQL is in use by another program; it moves to ${port}`,
      )
    }
    yield port
    next = port + 1
  }
}
