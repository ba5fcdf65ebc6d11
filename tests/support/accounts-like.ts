/*
 * A process with accounts on a data directory (the first argument), for tests that kill it: signs somebody in and says
 * the cookie on standard output.
 */
import { openDatabase } from '../../src/database/index.ts'
import { startAccounts } from './accounts.ts'
import { quiet } from './logger.ts'
import { embedded } from './run-aura.ts'

const database = await openDatabase(embedded(process.argv[2] ?? '', { poolSize: 5 }), quiet)
const aura = await startAccounts(database)
await aura.person('ada', 'owner')
const { cookie } = await aura.signIn('ada')
setInterval(() => undefined, 60_000)
console.log(cookie)
