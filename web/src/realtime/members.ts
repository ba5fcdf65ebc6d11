import type { Clock } from './clock.ts'
import type { ToTab } from './share.ts'

/** ms that a hidden tab keeps all its topics. */
const hiddenFor = 30_000

/** A tab in the room. */
export interface Member {
  readonly send: (message: ToTab) => void
  topics: readonly string[]
  visible: boolean
  /** Hidden for so long that only the lasting topics are worth following. */
  resting: boolean
  cancelRest: (() => void) | undefined
}

export const createMember = (send: Member['send']): Member => ({
  send,
  topics: [],
  visible: true,
  resting: false,
  cancelRest: undefined,
})

/** Notes that the tab was shown or hidden, and calls back when it has been hidden for long. */
export function show(member: Member, visible: boolean, clock: Clock, rested: () => void): void {
  member.cancelRest?.()
  member.visible = visible
  member.resting = false
  member.cancelRest = visible
    ? undefined
    : clock.after(hiddenFor, () => {
        member.resting = true
        rested()
      })
}

/** What all tabs together want to follow. */
export function wantedTopics(members: Iterable<Member>, lasting: ReadonlySet<string>): ReadonlySet<string> {
  const wanted = [...members].flatMap(({ topics, resting }) => topics.filter((topic) => !resting || lasting.has(topic)))
  return new Set(wanted)
}
