import { StartError } from './errors.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Listens by `open`; a failure becomes a `StartError` that names the section's keys. */
export async function listening<T>({ host, port }: Address, section: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const reason = reasons[codeOf(error)]
    if (reason === undefined) throw error
    throw new StartError(reason(host, port, `AURA_${section.toUpperCase()}`), { cause: error })
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

const noAddress = (host: string, _port: number, variable: string): string =>
  `this machine has no address ${host}; set ${variable}_HOST`

const reasons: Record<string, (host: string, port: number, variable: string) => string> = {
  EADDRINUSE: (host, port, variable) =>
    `port ${port} on ${host} is taken by another program; end it or set ${variable}_PORT`,
  EACCES: (_host, port, variable) => `not allowed to listen on port ${port}; set ${variable}_PORT`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
}
