import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exporter } from '../../src/exporters/exporter.ts'
import { createPostgresExporter } from '../../src/exporters/postgres/index.ts'
import { defaults } from '../exporters/postgres/exporter.ts'
import { quiet } from '../support/logger.ts'
import { startPostgres } from '../support/postgres.ts'

/** A replica of a server that is gone: in recovery, and as far as it can get. Its exporter must be stopped. */
export async function startStandby(major: number): Promise<{ readonly exporter: Exporter } & AsyncDisposable> {
  const server = await startPostgres(major)
  try {
    const [row] = await server.admin('show data_directory')
    await server.stop()
    await writeFile(join(String(row?.['data_directory']), 'standby.signal'), '')
    await server.start()
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
  const exporter = createPostgresExporter({ ...defaults(), url: () => server.url }, { log: quiet })
  return {
    exporter,
    async [Symbol.asyncDispose]() {
      await exporter.stop?.()
      await server[Symbol.asyncDispose]()
    },
  }
}
