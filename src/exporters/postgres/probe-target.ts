/** A server to probe, taken apart and in one spelling. */
export interface Target {
  /** Lower case; an IPv6 address in brackets. */
  readonly host: string
  readonly port: number
  readonly database: string | undefined
}

const shape = /^(?:postgres(?:ql)?:\/\/)?(\[[0-9a-fA-F:.]+\]|[^\s/?#:@[\]]+)(?::(\d{1,5}))?(?:\/([^/?#\s]*))?$/

/**
 * `host`, `host:port/database` or `postgresql://host:port/database`; `undefined` for anything else. Parameters are
 * refused because one of them (`?host=`) would lead elsewhere.
 */
export function parseTarget(text: string): Target | undefined {
  const [, host, port, database] = shape.exec(text) ?? []
  if (host === undefined) return undefined
  // One spelling per address (`0x7f.1`, `LOCALHOST`), so that a pattern cannot be got round.
  const url = URL.parse(`http://${host}/`)
  const number = port === undefined ? 5432 : Number(port)
  if (url === null || url.hostname === '' || number < 1 || number > 65_535) return undefined
  const name = decoded(database)
  if (name === undefined) return undefined
  return { host: url.hostname, port: number, database: name === '' ? undefined : name }
}

function decoded(text: string | undefined): string | undefined {
  try {
    return decodeURIComponent(text ?? '')
  } catch {
    return undefined
  }
}

/** Whether one of the patterns (`host`, `host:port`, `host:*`) allows the target. */
export function isAllowed({ host, port }: Target, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const whole = /:(\d+|\*)$/.test(pattern) ? pattern : `${pattern}:5432`
    const parts = whole.toLowerCase().split('*')
    const source = parts.map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`)).join('[^.:]*')
    return new RegExp(`^${source}$`).test(`${host}:${port}`)
  })
}

export const nameOf = ({ host, port, database }: Target): string =>
  `${host}:${port}${database === undefined ? '' : `/${database}`}`
