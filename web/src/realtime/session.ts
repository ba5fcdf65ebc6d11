import { createCarrier, type Carrier, type CarrierDeps, type CarrierEvents } from './carrier.ts'
import { every } from './clock.ts'
import { initial, step, type Signal } from './machine.ts'
import { createRoundTrip, readExchange } from './round-trip.ts'
import type { TopicState } from './topic-log.ts'
import { createTopics, type Topics, type TopicsEvents } from './topics.ts'
import type { Connection, ConnectionState } from './types.ts'
import { readWelcome } from './welcome.ts'

export interface SessionDeps extends Omit<CarrierDeps, 'wanted'> {
  /** ms after which a topic counts as silent; undefined where silence is normal. */
  readonly staleAfter: (topic: string) => number | undefined
}

/** What the session tells those above it. */
export interface SessionEvents extends TopicsEvents {
  connection(connection: Connection): void
}

/** The one connection to the server: keeps it, on the best transport there is, and assembles the topics. */
export interface Session {
  readonly connection: () => Connection
  state(topic: string): TopicState
  /** Which topics to follow from now on. What was known of the others is kept. */
  follow(topics: ReadonlySet<string>): void
  /** Whether anyone looks; without that round trips are not measured. */
  watched(visible: boolean): void
  network(up: boolean): void
  retry(): void
  close(): void
}

const openStates: ReadonlySet<ConnectionState> = new Set(['live', 'stale'])

const roundTripEvery = 10_000
const lookEvery = 1000

/** Holds the machine; whatever changes it goes through here. */
function createState({ clock }: SessionDeps, changed: (connection: Connection) => void) {
  let machine = initial(clock.now())
  const become = (next: typeof machine): void => {
    if (next === machine) return
    machine = next
    changed(next.connection)
  }
  return {
    connection: () => machine.connection,
    signal: (signal: Signal) => become(step(machine, signal, clock.now())),
    amend: (more: Partial<Connection>): void => {
      const { connection } = machine
      const news = Object.entries(more).some(([key, value]) => connection[key as keyof Connection] !== value)
      if (news) become({ ...machine, connection: { ...connection, ...more } })
    },
  }
}

/** Measures round trips while someone looks and the connection is open. */
function createPulse(
  { clock }: SessionDeps,
  carrier: () => Carrier,
  topics: Topics,
  done: (more: Partial<Connection>) => void,
) {
  const measure = createRoundTrip()
  return async (): Promise<void> => {
    const t0 = clock.now()
    // A transport without calls, or a link that just went: the next one tells.
    const reply = await carrier()
      .link()
      .call('rt', { t0, pos: topics.offsets() })
      .catch(() => undefined)
    const exchange = readExchange(t0, reply, clock.now())
    if (exchange !== undefined) done(measure(exchange))
  }
}

/** Whether every topic that should speak has been silent for too long. */
function allSilent(followed: ReadonlySet<string>, topics: Topics, deps: SessionDeps): boolean {
  const limits = [...followed].map((topic) => [topic, deps.staleAfter(topic)] as const)
  const beating = limits.filter(([, limit]) => limit !== undefined)
  return beating.length > 0 && beating.every(([topic, limit = 0]) => topics.silence(topic, deps.clock.now()) > limit)
}

/** What the carrier says of topics, and of its end. */
function topicEvents(
  { clock }: SessionDeps,
  topics: Topics,
  { signal }: ReturnType<typeof createState>,
): Omit<CarrierEvents, 'open'> {
  return {
    down: (ending) => signal({ type: 'lost', ...ending }),
    refused: (ending) => signal({ type: 'refused', ...ending }),
    subscribed: (topic, { position, data }) => topics.subscribed(topic, position, data, clock.now()),
    turnedAway: (topic, code) => topics.turnedAway(topic, code),
    message(topic, payload, offset) {
      topics.message(topic, payload, offset, clock.now())
      signal({ type: 'data' })
    },
  }
}

export function createSession(deps: SessionDeps, events: SessionEvents): Session {
  const { clock } = deps
  let followed: ReadonlySet<string> = new Set()
  let visible = true
  const state = createState(deps, (connection) => events.connection(connection))
  const topics = createTopics(events)
  const wanted = () => [...followed].map((topic) => [topic, topics.position(topic)] as const)
  const isOpen = () => openStates.has(state.connection().state)
  const wait = (topic: string): void => topics.expect(topic, clock.now())
  const carrier = createCarrier(
    { ...deps, wanted },
    {
      ...topicEvents(deps, topics, state),
      open(transport, data) {
        for (const topic of followed) wait(topic)
        state.amend(readWelcome(data))
        state.signal({ type: 'open', transport })
        void pulse()
      },
    },
  )
  const pulse = createPulse(deps, () => carrier, topics, state.amend)
  const stops = [
    every(clock, roundTripEvery, () => visible && isOpen() && void pulse()),
    every(clock, lookEvery, () => allSilent(followed, topics, deps) && state.signal({ type: 'silence' })),
  ]
  return {
    connection: state.connection,
    state: (topic) => topics.state(topic),
    follow(next) {
      const before = followed
      followed = next
      for (const topic of before) if (!next.has(topic)) carrier.link().unsubscribe(topic)
      for (const topic of next) {
        if (before.has(topic)) continue
        wait(topic)
        carrier.link().subscribe(topic, topics.position(topic))
      }
    },
    watched(now) {
      if (now && !visible && isOpen()) void pulse()
      visible = now
    },
    network(up) {
      state.signal({ type: 'network', up })
      if (up && !isOpen()) carrier.link().hurry()
    },
    retry() {
      state.signal({ type: 'retry' })
      if (!isOpen()) carrier.restart()
    },
    close() {
      for (const stop of stops) stop()
      carrier.close()
    },
  }
}
