import { Type } from 'typebox'
import { duration, secret } from '../lib/schema.ts'

// The sections that belong to no slice; every slice keeps its own in its folder.

const port = (value: number, description: string) =>
  Type.Integer({ default: value, minimum: 0, maximum: 65_535, description: `${description} 0 takes any free port.` })

export const serverConfig = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'Address the console and the API listen on.' }),
    port: port(8080, 'Port of the console and the API, with /healthz and /readyz.'),
    public_url: Type.String({
      default: '',
      pattern: '^(https?://[^\\s/?#@]+/?)?$',
      description:
        'Under what people reach the console, such as https://aura.example.org behind a proxy that ends TLS: for links, cookies, and the check of where requests come from. Empty: under its own address.',
    }),
    trusted_proxies: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Addresses or networks (10.0.0.0/8) of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
    }),
  },
  { description: 'Console and API.' },
)

export const metricsConfig = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'Address the metrics listen on.' }),
    port: port(9464, 'Port of /metrics, /metrics/host and the other exporters.'),
    timeout: duration(
      '2500ms',
      'Longest time one collector may take. The scrape timeout that Prometheus announces, less half a second, lowers it.',
    ),
    web_config_file: Type.String({
      default: '',
      description:
        'TLS and basic auth for the metrics port, in the format of Prometheus’ own web.config.file. Read again when it changes.',
    }),
    scrape_username: Type.String({
      default: '',
      description: 'With basic auth on: the user as whom the Prometheus that Aura supervises scrapes.',
    }),
    scrape_password_file: Type.String({ default: '', description: 'File with that user’s password.' }),
  },
  { description: 'Where Prometheus scrapes.' },
)

export const ollamaConfig = Type.Object(
  {
    url: Type.String({
      default: 'http://127.0.0.1:11434',
      pattern: '^https?://[^\\s/]+',
      description: 'Where Ollama answers; may carry user:password@ and a path prefix.',
    }),
    token: secret('Bearer token for an Ollama that stands behind a proxy asking for one.'),
  },
  { description: 'The Ollama that this Aura looks after.' },
)

export const telemetryConfig = Type.Object(
  {
    otlp_endpoint: Type.String({
      default: '',
      description:
        'OTLP endpoint for traces and metrics, such as http://127.0.0.1:4318. Empty sends nothing. The standard OTEL_EXPORTER_OTLP_* variables work too.',
    }),
    service_name: Type.String({ default: 'aura', minLength: 1, description: 'service.name of all telemetry.' }),
    metrics_interval: duration('60s', 'How often metrics leave over OTLP.'),
  },
  { description: 'OpenTelemetry.' },
)

export const logConfig = Type.Object(
  {
    level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      default: 'info',
      description: 'Least important level that is written.',
    }),
    format: Type.Enum(['auto', 'json', 'text'], {
      default: 'auto',
      description: 'JSON lines, or text for people; auto is text on a terminal.',
    }),
  },
  { description: 'Logs, on standard error.' },
)
