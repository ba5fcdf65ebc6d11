import type { FastifyInstance } from 'fastify'
import type { Bridge } from '../bridge.ts'
import { emulation } from './emulation.ts'
import { httpStream } from './http-stream.ts'
import { plain } from './plain.ts'
import { poll } from './poll.ts'
import { sse } from './sse.ts'
import { websocket } from './websocket.ts'

/** Adds the routes of one way in. `@fastify/websocket` is registered on `app` already. */
export type TransportRoute = (app: FastifyInstance, bridge: Bridge) => void

/** Every way in, in the order in which a client would try them. */
export const transports: readonly TransportRoute[] = [websocket, sse, httpStream, emulation, poll, plain]
