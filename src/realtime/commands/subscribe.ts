import { closes, errors, unsubscribes } from '../codes.ts'
import { end, refuse, unsubscribe, type Connection, type Subscription } from '../connection.ts'
import type { Resume } from '../engine.ts'
import { mark } from '../lag.ts'
import type { Message } from '../message.ts'
import type { Params } from '../protocol/parse.ts'
import { reply, subscribeReply } from '../protocol/replies.ts'
import type { Position, Topic } from '../types.ts'
import { expiry } from './connect.ts'

// With the largest message still below the largest frame; what does not fit follows as pushes.
const replyBytes = 192 * 1024

/** The topic, if this client may subscribe to it now; otherwise it has been answered. */
function permitted(connection: Connection, id: number, channel: string): Topic | undefined {
  const { shared, principal, subscriptions, allowance } = connection
  const topic = shared.hub.topic(channel)
  const refusal =
    topic === undefined
      ? errors.unknownChannel
      : !principal.may(topic.capability)
        ? errors.denied
        : subscriptions.has(channel)
          ? errors.alreadySubscribed
          : subscriptions.size >= (allowance?.maxSubscriptions ?? 0)
            ? errors.limit
            : undefined
  if (refusal === undefined) return topic
  refuse(connection, id, refusal)
  return undefined
}

/** The engine has left out a message: the client resumes from where it was, or learns that it cannot. */
function lost(connection: Connection, { name }: Topic): void {
  if (connection.outbox.form === 'plain') return end(connection, closes.insufficient)
  unsubscribe(connection, name, unsubscribes.insufficient)
  connection.shared.post.flush(connection.outbox)
}

/** Everything from now on goes to this client. */
export function attach(connection: Connection, topic: Topic): Subscription {
  const { shared, outbox } = connection
  const gapless = topic.class !== 'state'
  const subscription: Subscription = {
    topic,
    stop: shared.hub.subscribe(topic.name, (message) => {
      if (gapless && message.offset !== subscription.top + 1) return lost(connection, topic)
      subscription.top = message.offset
      if (subscription.marks !== undefined) mark(subscription.marks, message.offset, message.at)
      shared.post.deliver(outbox, message)
    }),
    expiry: undefined,
    top: 0,
    marks: undefined,
  }
  connection.subscriptions.set(topic.name, subscription)
  return subscription
}

/** (Re)starts the life of a subscription. */
function extend(connection: Connection, subscription: Subscription): void {
  const { shared, outbox } = connection
  const { subscriptionTtl, expiryGrace } = shared.settings
  shared.wheel.cancel(subscription.expiry)
  subscription.expiry = undefined
  if (subscriptionTtl === 0) return
  subscription.expiry = shared.wheel.schedule(subscriptionTtl + expiryGrace, () => {
    unsubscribe(connection, subscription.topic.name, unsubscribes.expired)
    shared.post.flush(outbox)
  })
}

/** How many of the publications go into one reply. */
export function fitting(publications: readonly Message[]): number {
  let bytes = 0
  const beyond = publications.findIndex((message) => (bytes += message.bytes) > replyBytes)
  return beyond === -1 ? publications.length : beyond
}

/**
 * The position in the reply is where the client was: each publication moves it on. So a cut between the reply and the
 * pushes that follow it loses nothing.
 */
function startingAt({ position, recovered, publications }: Resume, since: Position | undefined): number {
  if (recovered && since?.epoch === position.epoch) return since.offset
  return publications.length > 0 ? 0 : position.offset
}

/** Attaches, then reads the log, both in one turn: nothing is missed and nothing comes twice. */
export function subscribe(connection: Connection, id: number, params: Params): void {
  const { channel = '', recover = false, epoch = '', offset = 0 } = params
  const topic = permitted(connection, id, channel)
  if (topic === undefined) return
  const { shared, outbox } = connection
  const since = recover ? { epoch, offset } : undefined
  const subscription = attach(connection, topic)
  const resume = shared.hub.history(channel, since)
  subscription.top = resume.position.offset
  extend(connection, subscription)
  const inReply = fitting(resume.publications)
  const options = { recovering: recover, from: startingAt(resume, since), ttl: shared.settings.subscriptionTtl }
  shared.post.control(outbox, subscribeReply(id, resume, options, resume.publications.slice(0, inReply)))
  for (const message of resume.publications.slice(inReply)) shared.post.deliver(outbox, message)
}

export function stopSubscription(connection: Connection, id: number, { channel = '' }: Params): void {
  unsubscribe(connection, channel)
  connection.shared.post.control(connection.outbox, reply(id, 'unsubscribe', {}))
}

/** Rights are judged anew at every refresh. */
export function refreshSubscription(connection: Connection, id: number, { channel = '' }: Params): void {
  const { shared, subscriptions, principal, outbox } = connection
  const subscription = subscriptions.get(channel)
  if (subscription === undefined) return refuse(connection, id, errors.badRequest)
  if (!principal.may(subscription.topic.capability)) {
    refuse(connection, id, errors.denied)
    return unsubscribe(connection, channel, unsubscribes.rights)
  }
  extend(connection, subscription)
  shared.post.control(outbox, reply(id, 'sub_refresh', expiry(shared.settings.subscriptionTtl)))
}
