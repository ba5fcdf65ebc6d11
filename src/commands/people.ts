import { createAudit } from '../audit/index.ts'
import { rolesCommand } from './roles.ts'
import { tokenCommand } from './token.ts'
import { userCommand } from './user.ts'
import type { IdentityCommandDeps } from './with-identity.ts'

/** What these commands do is in the audit log like everything else, done by the user of this system. */
const deps: IdentityCommandDeps = { openAudit: (db, _config, log) => createAudit({ db, log, clock: Date.now }) }

export const user = userCommand(deps)
export const token = tokenCommand(deps)
export const roles = rolesCommand(deps)
