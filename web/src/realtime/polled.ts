import type { Position } from '../../../src/realtime/types.ts'

/** What one request of the polling transport brought. */
export interface Polled {
  readonly position: Position | undefined
  /** Whether the publications are all that came since the position asked from. */
  readonly recovered: boolean
  readonly publications: readonly { readonly offset: number | undefined; readonly data: unknown }[]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Reads an answer of `/api/poll`: `{ epoch, offset, recovered, publications: [{ offset, data }] }`. */
export function readPolled(body: unknown): Polled {
  if (!isObject(body)) return { position: undefined, recovered: true, publications: [] }
  const { epoch, offset, recovered, publications } = body
  const position = typeof epoch === 'string' && typeof offset === 'number' ? { epoch, offset } : undefined
  const list: unknown[] = Array.isArray(publications) ? publications : []
  return {
    position,
    recovered: recovered !== false,
    publications: list.filter(isObject).map((each) => ({
      offset: typeof each['offset'] === 'number' ? each['offset'] : undefined,
      data: each['data'],
    })),
  }
}
