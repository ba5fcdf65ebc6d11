import { perform } from './serve/perform.ts'

process.exitCode = await perform(process.argv.slice(2), process.env)
