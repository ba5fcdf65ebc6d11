import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { freePort } from '../../../tests/support/centrifugo.ts'
import { cpuOfTree } from '../../exporters/process-stat.ts'
import { findCentrifugo, findLauncher } from '../contenders.ts'
import type { Server } from './server.ts'

async function healthy(port: number): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const ok = await fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('centrifugo does not start')
}

/** A real Centrifugo on the servers' core, told over its HTTP API, as Aura would; CPU is its own alone. */
export async function startCentrifugo(): Promise<Server> {
  const port = await freePort()
  const env = {
    PATH: process.env['PATH'] ?? '',
    GOMAXPROCS: '1',
    CENTRIFUGO_HTTP_SERVER_ADDRESS: '127.0.0.1',
    CENTRIFUGO_HTTP_SERVER_PORT: String(port),
    CENTRIFUGO_CLIENT_INSECURE: 'true',
    CENTRIFUGO_HTTP_API_INSECURE: 'true',
    CENTRIFUGO_HEALTH_ENABLED: 'true',
    CENTRIFUGO_USAGE_STATS_DISABLED: 'true',
    CENTRIFUGO_LOG_LEVEL: 'error',
  }
  // Its parent may be killed outright: then it goes too.
  const command = ['--pdeathsig', 'KILL', 'taskset', '-c', '0', findCentrifugo() ?? 'centrifugo']
  const child = spawn(findLauncher() ?? '', command, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  await healthy(port)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const options = {
    host: '127.0.0.1',
    port,
    path: '/api/publish',
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  }
  return {
    port,
    publish({ name }, message) {
      request(options, (answer) => answer.resume())
        .on('error', () => undefined)
        .end(JSON.stringify({ channel: name, data: message }))
    },
    cpu: () => cpuOfTree(child.pid ?? 0),
  }
}
