import { batch, createRoot, createSignal, getOwner, onCleanup, type Accessor } from 'solid-js'
import type { Contracts, EventContracts, EventTopic, FeatureName } from '../../../src/features/contracts.ts'
import type { Payload } from '../../../src/realtime/types.ts'
import type { OpenChannel } from './channel.ts'
import { every, type Clock } from './clock.ts'
import { createLiveTopic, type LiveTopic } from './live-topic.ts'
import type { ToTab } from './share.ts'
import type { Connection, Live, Realtime } from './types.ts'

export interface RealtimeDeps {
  readonly open: OpenChannel
  readonly clock: Clock
  /** Name of this tab, unlike that of any other. */
  readonly tab: string
}

/** The tab's end, with what only the edge of the page needs. */
export interface RunningRealtime extends Realtime {
  visible(visible: boolean): void
  network(up: boolean): void
  /** The page goes into the back-forward cache, and comes out of it. */
  sleep(): void
  wake(): void
  close(): void
}

type Name = FeatureName | EventTopic
type Heard = (event: unknown) => void

/** Who hears of what happens, by topic. */
function createListeners() {
  const listeners = new Map<string, Set<Heard>>()
  return {
    add(name: EventTopic, heard: Heard): () => void {
      const found = listeners.get(name) ?? new Set<Heard>()
      listeners.set(name, found.add(heard))
      return () => found.delete(heard)
    },
    tell(topic: string, { k, v }: Payload): void {
      if (k === 'event') for (const heard of listeners.get(topic) ?? []) heard(v)
    },
  }
}

/** What a tab knows of the connection, as signals. */
function createView(clock: Clock) {
  const listeners = createListeners()
  const [connection, setConnection] = createSignal<Connection>({ state: 'connecting', since: clock.now() })
  const [now, setNow] = createSignal(clock.now())
  const topics = new Map<Name, LiveTopic>()
  const all = () => [...topics.values()].map(({ live }) => live)
  const newest = () =>
    all().reduce<number | undefined>(
      (found, { ts }) => (ts === undefined ? found : Math.max(found ?? 0, ts)),
      undefined,
    )
  const skipped = () => all().reduce((sum, live) => sum + live.skipped, 0)
  const topic = (name: Name): LiveTopic => {
    // In a root of its own: it outlives the page that asked first.
    const found = topics.get(name) ?? createRoot(() => createLiveTopic(name, connection, now))
    topics.set(name, found)
    return found
  }
  const receive = (message: ToTab): void =>
    batch(() => {
      if (message.t === 'connection') setConnection(message.connection)
      else if (message.t === 'state') topics.get(message.topic as Name)?.replace(message.state)
      else {
        topics.get(message.topic as Name)?.apply(message.payload as Payload)
        listeners.tell(message.topic, message.payload as Payload)
      }
    })
  return { connection, now, setNow, newest, skipped, topic, receive, listeners }
}

/** The tab's side of the connection; pages see it through `useRealtime`. */
export function createRealtime({ open, clock, tab }: RealtimeDeps): RunningRealtime {
  const view = createView(clock)
  const followers = new Map<Name, number>()
  let visible = true
  const followed = (): Name[] => [...followers.keys()]
  const hello = (): void => channel.send({ t: 'hello', visible, topics: followed() })
  const channel = open(tab, { message: view.receive, ready: hello })
  const stopTicking = every(clock, 1000, () => visible && view.setNow(clock.now()))

  const count = (name: Name, by: 1 | -1): void => {
    const before = followers.get(name) ?? 0
    if (before + by > 0) followers.set(name, before + by)
    else followers.delete(name)
    if (before === 0 || before + by === 0) channel.send({ t: 'follow', topics: followed() })
  }
  return {
    connection: view.connection,
    now: view.now,
    newest: view.newest,
    skipped: view.skipped,
    subscribe<Topic extends FeatureName>(name: Topic) {
      const { live } = view.topic(name)
      count(name, 1)
      if (getOwner() !== null) onCleanup(() => count(name, -1))
      return (() => live) as unknown as Accessor<Live<Contracts[Topic]>>
    },
    listen<Topic extends EventTopic>(name: Topic, heard: (event: EventContracts[Topic]) => void) {
      const { live } = view.topic(name)
      const forget = view.listeners.add(name, (event) => heard(event as EventContracts[Topic]))
      count(name, 1)
      if (getOwner() !== null)
        onCleanup(() => {
          forget()
          count(name, -1)
        })
      return () => live
    },
    retry: () => channel.send({ t: 'retry' }),
    visible(next) {
      visible = next
      if (next) view.setNow(clock.now())
      channel.send({ t: 'visible', visible })
    },
    network: (up) => channel.send({ t: 'network', up }),
    sleep: () => channel.send({ t: 'bye' }),
    wake: hello,
    close() {
      stopTicking()
      channel.send({ t: 'bye' })
      channel.close()
    },
  }
}
