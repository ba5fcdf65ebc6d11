import { Type, type Static } from 'typebox'
import { duration, secret } from '../lib/schema.ts'

const enabled = (name: string) =>
  Type.Boolean({ default: true, description: `Start ${name} with Aura, if it is installed, and stop it with Aura.` })

const program = (names: string) =>
  Type.String({ default: '', description: `Program to run. Empty: ${names} is looked for in $PATH.` })

const port = (value: number, name: string) =>
  Type.Integer({
    default: value,
    minimum: 1,
    maximum: 65535,
    description: `Loopback port of ${name}. If ${name} already answers there, that one is used; if something else does, the next free port.`,
  })

export const prometheusConfig = Type.Object({
  enabled: enabled('Prometheus'),
  program: program('prometheus'),
  port: port(9090, 'Prometheus'),
  retention: duration('15d', 'How long Prometheus keeps samples.'),
  grafana_url: Type.String({
    default: 'http://127.0.0.1:3000',
    pattern: '^https?://[^\\s?#@$]+$',
    description: 'Under what people reach Grafana: alerts link to its boards.',
  }),
  remote_write_receiver: Type.Boolean({
    default: false,
    description:
      'Let others write into this Prometheus, such as k6 (npm run load). Whoever reaches its port may then write anything.',
  }),
})

export const alertmanagerConfig = Type.Object({
  enabled: enabled('Alertmanager'),
  program: program('alertmanager or prometheus-alertmanager'),
  port: port(9093, 'Alertmanager'),
  retention: duration('120h', 'How long Alertmanager keeps silences and what it has notified.'),
  delivery_token: secret(
    'Bearer token with which Alertmanager delivers alerts to Aura, good for nothing else. Empty: a new one at each start for the Alertmanager that Aura starts; any other needs an API token.',
  ),
})

export type PrometheusConfig = Static<typeof prometheusConfig>
export type AlertmanagerConfig = Static<typeof alertmanagerConfig>
