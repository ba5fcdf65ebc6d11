/* `aura user` and `aura token` with an audit log in memory, for tests: arguments as those of `aura`. */
import { tokenCommand } from '../../src/commands/token.ts'
import { userCommand } from '../../src/commands/user.ts'
import { memoryAudit } from './policy.ts'

const deps = { openAudit: async () => memoryAudit() }
const [name, ...args] = process.argv.slice(2)
const command = name === 'token' ? tokenCommand(deps) : userCommand(deps)
process.exitCode = await command.run(args).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
