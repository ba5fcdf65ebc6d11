import { publicationJson } from '../message.ts'
import type { Resume } from '../engine.ts'
import type { Position } from '../types.ts'

const cursor = /^([\w-]{1,64}):(\d{1,15})$/

/** `epoch:offset`, as in `since` and in the ETag; undefined if that is no cursor. */
export function parseCursor(text: string): Position | undefined {
  const [, epoch, offset] = cursor.exec(text) ?? []
  return epoch === undefined || offset === undefined ? undefined : { epoch, offset: Number(offset) }
}

export const cursorOf = ({ epoch, offset }: Position): string => `${epoch}:${offset}`

/** Whether an answer tells the asker anything that it does not know. */
export const tellsMore = ({ position, recovered, publications }: Resume, since: Position | undefined): boolean =>
  publications.length > 0 || !recovered || since === undefined || cursorOf(position) !== cursorOf(since)

/** The answer: where the topic stands now, whether the publications are all since the cursor, and these, oldest first. */
export function answerOf({ position, recovered, publications }: Resume): string {
  const head = JSON.stringify({ ...position, recovered })
  return `${head.slice(0, -1)},"publications":[${publications.map(publicationJson).join(',')}]}`
}
