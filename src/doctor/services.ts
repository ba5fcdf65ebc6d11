import { connect } from 'node:net'
import { findProgram } from '../children/find-program.ts'
import { isPortFree } from '../lib/free-port.ts'
import type { Examination, Finding } from './finding.ts'
import { answer } from './http.ts'
import { commandOutput } from './program.ts'

/** Whether Ollama answers where it should. */
export const ollama: Examination = async ({ ollama: { url } }) => {
  const reply = await answer(`${url}/api/version`)
  if (reply.ok) return [{ what: 'Ollama', state: 'ok', found: `${url} ${reply.text.trim()}` }]
  const mend = 'start it with `ollama serve`, or set ollama.url'
  return [{ what: 'Ollama', state: 'note', found: `${url}: ${reply.cause}`, mend }]
}

async function program(what: string, names: readonly string[], port: number, debian: string, path: string) {
  const found = findProgram(names, path)
  const findings: Finding[] = []
  if (found === undefined) {
    findings.push({
      what,
      state: 'note',
      found: 'not installed',
      mend: `apt-get install ${debian}, or put it on the PATH`,
    })
  } else {
    const output = await commandOutput(found, ['--version'])
    const version = output.ok ? (/version (\S+)/.exec(output.text)?.[1] ?? 'version unknown') : output.cause
    findings.push({ what, state: output.ok ? 'ok' : 'wrong', found: `${found} ${version}` })
  }
  const running = await answer(`http://127.0.0.1:${port}/-/ready`)
  if (running.ok) findings.push({ what, state: 'ok', found: `one answers on 127.0.0.1:${port}` })
  return findings
}

/** Prometheus and Alertmanager: installed, running. */
export const prometheus: Examination = (config, env) =>
  program(
    'Prometheus',
    names(config.prometheus.program, ['prometheus']),
    config.prometheus.port,
    'prometheus',
    env['PATH'] ?? '',
  )

export const alertmanager: Examination = (config, env) =>
  program(
    'Alertmanager',
    names(config.alertmanager.program, ['prometheus-alertmanager', 'alertmanager']),
    config.alertmanager.port,
    'prometheus-alertmanager',
    env['PATH'] ?? '',
  )

const names = (configured: string, usual: readonly string[]): readonly string[] =>
  configured === '' ? usual : [configured]

/** Grafana on its usual port. */
export const grafana: Examination = async () => {
  const reply = await answer('http://127.0.0.1:3000/api/health')
  if (reply.ok) return [{ what: 'Grafana', state: 'ok', found: 'answers on 127.0.0.1:3000' }]
  return [
    { what: 'Grafana', state: 'note', found: `127.0.0.1:3000: ${reply.cause}`, mend: 'only needed for its boards' },
  ]
}

/** The OTLP endpoint, where one is configured. */
export const otlp: Examination = async ({ telemetry: { otlp_endpoint: configured } }, env) => {
  const endpoint = configured || env['OTEL_EXPORTER_OTLP_ENDPOINT'] || ''
  if (endpoint === '') return [{ what: 'OTLP', state: 'note', found: 'not configured; nothing is sent' }]
  if (!URL.canParse(endpoint)) {
    return [{ what: 'OTLP', state: 'wrong', found: `${endpoint} is not a URL`, mend: 'set telemetry.otlp_endpoint' }]
  }
  const { hostname, port, protocol } = new URL(endpoint)
  const open = await canConnect(hostname, Number(port) || (protocol === 'https:' ? 443 : 80))
  if (open) return [{ what: 'OTLP', state: 'ok', found: `${endpoint} accepts connections` }]
  return [
    {
      what: 'OTLP',
      state: 'wrong',
      found: `${endpoint} does not answer`,
      mend: 'start the collector, or clear telemetry.otlp_endpoint',
    },
  ]
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3000 })
    const done = (open: boolean) => () => {
      socket.destroy()
      resolve(open)
    }
    socket.on('connect', done(true)).on('error', done(false)).on('timeout', done(false))
  })
}

/** The ports Aura wants to listen on: free, or already its own. */
export const ports: Examination = async (config) => {
  const own = await answer(`http://${config.server.host}:${config.server.port}/healthz`)
  const wanted = [
    ['console', config.server.host, config.server.port, 'server.port'],
    ['metrics', config.metrics.host, config.metrics.port, 'metrics.port'],
  ] as const
  return Promise.all(
    wanted.map(async ([name, host, port, key]): Promise<Finding> => {
      const what = `port ${port} (${name})`
      if (await isPortFree(port, host)) return { what, state: 'ok', found: 'free' }
      if (own.ok && own.text.includes('"status":"ok"')) return { what, state: 'ok', found: 'taken, an Aura is running' }
      return { what, state: 'wrong', found: 'taken by another program', mend: `end that program, or set ${key}` }
    }),
  )
}
