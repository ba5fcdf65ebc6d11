import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../src/database/index.ts'
import { createPostgresAlertLog } from '../../../src/realtime/alert-log-postgres.ts'
import { installedCentrifugo } from '../../support/centrifugo.ts'
import { quiet } from '../../support/logger.ts'
import { client, until } from '../../support/realtime.ts'
import { embedded } from '../../support/run-aura.ts'
import { follow, startPair, upTo } from './support.ts'

const program = installedCentrifugo('a real Centrifugo fed from PostgreSQL') ?? ''
const behind = test.skipIf(program === '')

let dataDir: string
let database: Database
beforeAll(async () => {
  if (program === '') return
  dataDir = mkdtempSync(join(tmpdir(), 'aura-centrifugo-'))
  chmodSync(dataDir, 0o755)
  database = await openDatabase(embedded(dataDir), quiet)
})
afterAll(async () => {
  if (program === '') return
  await database.close()
  rmSync(dataDir, { recursive: true, force: true })
})

behind.each(['alert', 'event'])(
  'class %s: Aura and Centrifugo both begin anew, and PostgreSQL still knows',
  async (topic) => {
    let epochs = 0
    const openLog = () => createPostgresAlertLog(database.db, () => `${topic}-${epochs++}`)
    await using pair = await startPair(program, undefined, undefined, openLog)
    using centrifuge = client(pair.centrifugo.websocket)
    const sub = centrifuge.newSubscription(topic)
    const { values } = follow(sub)
    sub.subscribe()
    centrifuge.connect()
    await sub.ready(5000)
    let published = 0
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 20; n++) pair.aura.bridge.publish(topic, ++published)
      await until(() => values.length === published, 20_000)
      await pair.centrifugo.kill()
      // Nobody is there to take these, and then the one who has them is gone too.
      for (let n = 0; n < 5; n++) pair.aura.bridge.publish(topic, ++published)
      await pair.restart()
      await pair.centrifugo.start()
      await until(() => values.length === published, 20_000)
    }
    expect(values.toSorted((a, b) => a - b)).toEqual(upTo(75))
  },
)
