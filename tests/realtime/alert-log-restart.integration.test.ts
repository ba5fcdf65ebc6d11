import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { createPostgresAlertLog } from '../../src/realtime/alert-log-postgres.ts'
import { quiet } from '../support/logger.ts'
import { client, until } from '../support/realtime.ts'
import { embedded } from '../support/run-aura.ts'
import { startAll, streamClient, streams } from './transports/support.ts'

let dataDir: string
let database: Database
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-alert-restart-'))
  chmodSync(dataDir, 0o755)
  database = await openDatabase(embedded(dataDir), quiet)
})
afterAll(async () => {
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

let epochs = 0
const alertLog = () => createPostgresAlertLog(database.db, () => `epoch-${epochs++}`)
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

test.each(['websocket', ...streams])('over %s: restarts of the server lose nothing and repeat nothing', async (way) => {
  const topic = { name: `alert-${way}`, class: 'alert', capability: 'alerts:read' } as const
  const start = (port = 0) => startAll({ port, topics: [topic], alertLog: alertLog() })
  let server = await start()
  const { port, http, url } = server
  using centrifuge = way === 'sse' || way === 'http_stream' ? streamClient(http, way) : client(url)
  const got: unknown[] = []
  const resumed: boolean[] = []
  const sub = centrifuge.newSubscription(topic.name)
  sub.on('publication', ({ data }) => got.push(data.v))
  sub.on('subscribed', ({ wasRecovering, recovered }) => void (wasRecovering && resumed.push(recovered)))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  let published = 0
  for (let restart = 0; restart < 3; restart++) {
    for (let n = 0; n < 20; n++) server.bridge.publish(topic.name, ++published)
    await until(() => got.length === published)
    await server.app.close()
    server = await start(port)
    // Before the client is back: it has to find these in the log.
    for (let n = 0; n < 5; n++) server.bridge.publish(topic.name, ++published)
    await until(() => got.length === published, 20_000)
  }
  await server.app.close()
  expect(got).toEqual(upTo(published))
  expect(resumed).toEqual([true, true, true])
})
