import type { Clock } from './clock.ts'
import { createMember, show, wantedTopics, type Member } from './members.ts'
import type { Session, SessionEvents } from './session.ts'
import type { FromTab, ToTab } from './share.ts'

export interface RoomDeps {
  readonly clock: Clock
  readonly openSession: (events: SessionEvents) => Session
  /** Topics that hidden tabs go on following. */
  readonly lasting: ReadonlySet<string>
}

/** One tab's place in the room. */
export interface Seat {
  receive(message: FromTab): void
  leave(): void
}

/** All tabs that share one connection. The connection is opened by the first who comes and closed after the last. */
export interface Room {
  join(send: (message: ToTab) => void): Seat
  close(): void
}

interface Members {
  readonly members: Set<Member>
  session: Session | undefined
}

/** Hands what the session says to the tabs that want it. */
function distribute(room: Members): SessionEvents {
  const tell = (topic: string, message: ToTab): void => {
    for (const { topics, send } of room.members) if (topics.includes(topic)) send(message)
  }
  return {
    connection(connection) {
      for (const { send } of room.members) send({ t: 'connection', connection })
    },
    payload: (topic, payload) => tell(topic, { t: 'payload', topic, payload }),
    changed(topic) {
      if (room.session !== undefined) tell(topic, { t: 'state', topic, state: room.session.state(topic) })
    },
  }
}

export function createRoom({ clock, openSession, lasting }: RoomDeps): Room {
  const room: Members = { members: new Set(), session: undefined }
  const settle = (): void => {
    if (room.members.size === 0) {
      room.session?.close()
      room.session = undefined
      return
    }
    room.session ??= openSession(distribute(room))
    room.session.follow(wantedTopics(room.members, lasting))
    room.session.watched([...room.members].some(({ visible }) => visible))
  }
  const follow = (member: Member, topics: readonly string[]): void => {
    const fresh = topics.filter((topic) => !member.topics.includes(topic))
    member.topics = topics
    settle()
    for (const topic of fresh)
      if (room.session !== undefined) member.send({ t: 'state', topic, state: room.session.state(topic) })
  }
  const leave = (member: Member): void => {
    member.cancelRest?.()
    if (room.members.delete(member)) settle()
  }
  const appear = (member: Member, visible: boolean): void => {
    show(member, visible, clock, settle)
    settle()
  }
  const enter = (member: Member, visible: boolean, topics: readonly string[]): void => {
    room.members.add(member)
    member.topics = []
    appear(member, visible)
    if (room.session !== undefined) member.send({ t: 'connection', connection: room.session.connection() })
    follow(member, topics)
  }
  const receive = (member: Member, message: FromTab): void => {
    if (message.t === 'hello') return enter(member, message.visible, message.topics)
    // Said before the hello, or after the good-bye.
    if (!room.members.has(member)) return
    if (message.t === 'follow') follow(member, message.topics)
    else if (message.t === 'visible') appear(member, message.visible)
    else if (message.t === 'network') room.session?.network(message.up)
    else if (message.t === 'retry') room.session?.retry()
    else leave(member)
  }
  return {
    join(send) {
      const member = createMember(send)
      return { receive: (message) => receive(member, message), leave: () => leave(member) }
    },
    close() {
      for (const member of room.members) member.cancelRest?.()
      room.members.clear()
      settle()
    },
  }
}
