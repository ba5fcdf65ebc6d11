import { fastify, type FastifyBaseLogger } from 'fastify'
import { databaseOptions } from '../app.ts'
import { createLogger } from '../log/pino.ts'
import databasePlugin from '../plugins/database.ts'
import { invocation } from './options.ts'

export const usage = `Usage: aura migrate [--config FILE]

Brings the schema of the database up to date and ends. \`aura start\` does the same by itself.`

export async function run(args: readonly string[]): Promise<number> {
  const { config } = await invocation(args)
  const loggerInstance: FastifyBaseLogger = createLogger(config.log)
  const app = fastify({ loggerInstance })
  try {
    await app.register(databasePlugin, databaseOptions(config))
    console.log(`database ${app.database.location} is up to date`)
    return 0
  } finally {
    await app.close()
  }
}
