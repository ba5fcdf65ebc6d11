import { readFileSync, writeFileSync } from 'node:fs'
import type { Condition } from '../nvidia-smi/conditions.ts'
import type { Mode } from '../nvidia-smi/scene.ts'

/** What the simulated nvidia-smi shows. */
export interface GpuScene {
  /** Puts a condition or a mode on top of what is shown; returns how to take it off again. */
  show(what: { readonly condition?: Condition; readonly mode?: Mode }): () => void
  /** Bytes that models hold in the card's memory. */
  hold(bytes: number): void
}

interface Shown {
  readonly condition?: string | undefined
  readonly mode?: Mode | undefined
}

/** Keeps the scene in a file; what somebody else wrote there stays until the next fault begins or ends. */
export function createGpuScene(file: string, now: () => number = Date.now): GpuScene {
  const shown = new Set<Shown>()
  let memory = 0
  let written = ''

  function text(): string {
    const all = [...shown]
    const mode = all.findLast((one) => one.mode !== undefined)?.mode ?? 'vary'
    const conditions = all.flatMap(({ condition }) => condition ?? [])
    const parts = [mode, 'machine=h200', `memory=${memory}`, ...conditions.map((one) => `with=${one}`)]
    return `${parts.join(' ')}\n`
  }

  function write(): void {
    written = text()
    writeFileSync(file, written)
  }

  write()
  return {
    show({ condition, mode }) {
      const entry = { mode, condition: condition && `${condition}@${Math.floor(now() / 1000)}` }
      shown.add(entry)
      write()
      return () => {
        if (shown.delete(entry)) write()
      }
    },
    hold(bytes) {
      memory = Math.round(bytes / 2 ** 20)
      if (text() !== written && readFileSync(file, 'utf8') === written) write()
    },
  }
}
