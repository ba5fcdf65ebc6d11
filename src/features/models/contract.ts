import { Type, type Static } from 'typebox'

const Num = Type.Number()
const Opt = Type.Optional(Type.Number())

export const Model = Type.Object({
  name: Type.String(),
  family: Type.String(),
  parameters: Type.String(),
  quantization: Type.String(),
  /** Bytes on disk. */
  size: Num,
  modified: Opt,
  loaded: Type.Boolean(),
  /** Bytes, while loaded: on the GPU, and spilled to the CPU's memory. */
  vram: Opt,
  ram: Opt,
  context: Opt,
  /** ms since the epoch at which it will be unloaded; absent if pinned or not loaded. */
  expires: Opt,
  pinned: Type.Boolean(),
  /** ms since the epoch of the last change of loaded, as seen from here. */
  since: Opt,
})

/** What the Models page shows: `GET /api/models/status`, topic `models` (keys as here). */
export const ModelsStatus = Type.Object({
  ollama: Type.Object({
    up: Type.Boolean(),
    since: Num,
    reason: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    url: Type.String(),
    /** The models below are what was last known, from that time (ms), because Ollama is away. */
    stale: Opt,
  }),
  models: Type.Array(Model),
  totals: Type.Object({ installed: Num, loaded: Num, vram: Num, ram: Num }),
})

export type ModelsStatus = Static<typeof ModelsStatus>
