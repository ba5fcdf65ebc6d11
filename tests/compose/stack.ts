import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const root = join(import.meta.dirname, '../..')

export interface Mount {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
}

export interface Service {
  readonly image: string
  readonly build?: string
  readonly user?: string
  readonly restart: string
  readonly read_only: boolean
  readonly network_mode?: string
  readonly cap_drop: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt: readonly string[]
  readonly pids_limit: number
  readonly privileged?: boolean
  readonly profiles?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly (string | Readonly<Record<string, unknown>>)[]
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] }>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

export interface Stack {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, object>>
}

/** docker-compose.yml as it is written. */
export const written = readFileSync(join(root, 'docker-compose.yml'), 'utf8')

/** `${NAME:-default}` replaced, innermost first, as Compose does where nothing is set. */
export function interpolate(text: string): string {
  const inner = /\$\{(\w+)(?::-([^${}]*))?\}/g
  const replaced = text.replaceAll(inner, (_all, _name, value: string | undefined) => value ?? '')
  return replaced === text ? text : interpolate(replaced)
}

/** The variables that the file reads. */
export const variables: readonly string[] = [
  ...new Set([...written.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)),
].toSorted()

/** docker-compose.yml with no variable set, merge keys resolved. */
export const stack = parse(interpolate(written), { merge: true }) as Stack

/** The mounts of a service; the source of a bind mount begins with `/` or `.`. */
export function mountsOf({ volumes = [] }: Service): Mount[] {
  return volumes.map((volume) => {
    if (typeof volume !== 'string') {
      const { type, source, target, read_only: readOnly } = volume
      return { type: String(type), source: String(source), target: String(target), readOnly: readOnly === true }
    }
    const [source = '', target = '', options = ''] = volume.split(':')
    const type = /^[./]/.test(source) ? 'bind' : 'volume'
    return { type, source, target, readOnly: options.split(',').includes('ro') }
  })
}
