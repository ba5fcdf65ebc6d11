import type { Stage } from '../stage/stage.ts'
import { repeatedly } from './crowd.ts'
import { ollamaTraffic } from './ollama.ts'
import { postgresTraffic } from './postgres.ts'
import { signInTraffic } from './sign-ins.ts'
import { socketTraffic } from './sockets.ts'
import { webTraffic } from './web.ts'

/** The card holds what the models do. */
const mirror = ({ gpu, ollama }: Stage): void =>
  gpu.hold(ollama.control.loaded().reduce((bytes, { vram }) => bytes + vram, 0))

/**
 * Everything that happens without anybody asking for it, `alone` without visitors and work in PostgreSQL; returns how to
 * end it. What fails is told to `failed`.
 */
export function startTraffic(stage: Stage, alone: boolean, failed: (error: unknown) => void): () => Promise<void> {
  const end = new AbortController()
  const { site, database, ollama } = stage
  const visits = [webTraffic, socketTraffic, signInTraffic]
  const playing = [
    ollamaTraffic(ollama.url, end.signal),
    ...(alone ? [] : visits.map((begin) => begin(site, end.signal))),
    ...(alone || database === undefined ? [] : [postgresTraffic(database, end.signal)]),
  ].map((part) => part.catch(failed))
  const mirroring = repeatedly(2000, async () => mirror(stage))
  return async () => {
    end.abort()
    await Promise.all([...playing, mirroring()])
  }
}
