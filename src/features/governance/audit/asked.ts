import { InvalidRequestError, RefusedError } from '../../../errors.ts'

/** Refuses what PostgreSQL would trip over: NUL in text, and times that no calendar has. */
export function checkFilter(filter: Readonly<Record<string, unknown>>): void {
  const { from, until } = filter
  const odd = [from, until].some((time) => typeof time === 'number' && !(Math.abs(time) < 8e15))
  if (odd || Object.values(filter).some((value) => typeof value === 'string' && value.includes('\0'))) {
    throw new InvalidRequestError('That cannot be searched for')
  }
}

/** A number of a row, as it is handed out. */
export function checkId(id: string | undefined): void {
  if (id !== undefined && !/^\d{1,18}$/.test(id)) throw new InvalidRequestError('`before` is no id of a page')
}

/** What takes longer than a search may is refused in words. */
export async function searched<Value>(search: Promise<Value>): Promise<Value> {
  try {
    return await search
  } catch (error) {
    const cancelled = error instanceof Error && 'code' in error && error.code === '57014'
    if (!cancelled) throw error
    throw new RefusedError(503, 'TOO_SLOW', 'The search took too long; narrow it by time, actor or action')
  }
}
