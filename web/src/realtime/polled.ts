import type { Position } from '../../../src/realtime/types.ts'

/** What one request of the polling transport brought. */
export interface Polled {
  readonly position: Position | undefined
  readonly publications: readonly { readonly offset: number | undefined; readonly data: unknown }[]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Reads an answer of `/api/poll`: `{ epoch, offset, publications: [{ offset, data }] }`. */
export function readPolled(body: unknown): Polled {
  if (!isObject(body)) return { position: undefined, publications: [] }
  const { epoch, offset, publications } = body
  const position = typeof epoch === 'string' && typeof offset === 'number' ? { epoch, offset } : undefined
  const list: unknown[] = Array.isArray(publications) ? publications : []
  return {
    position,
    publications: list.filter(isObject).map((each) => ({
      offset: typeof each['offset'] === 'number' ? each['offset'] : undefined,
      data: each['data'],
    })),
  }
}
