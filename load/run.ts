import { perform } from './launcher/perform.ts'

process.exitCode = await perform(process.argv.slice(2), { env: process.env, terminal: process.stdout.isTTY })
