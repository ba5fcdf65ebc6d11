import type { Runner } from './runner.ts'

/** The right to use a model in memory, until it is released. */
export interface Lease {
  readonly runner: Runner
  release(): void
}

/** The models in memory and how long they stay there. */
export interface Residents {
  get(blob: string): Runner | undefined
  readonly all: readonly Runner[]
  add(runner: Runner): void
  /** Takes part in using a runner; `keepAlive` in ms changes how long it stays afterwards. */
  use(runner: Runner, keepAlive?: number): Lease
  /** Lets it go as soon as nobody uses it. */
  expire(runner: Runner): void
  /** Takes it out at once. */
  unload(runner: Runner): void
  /** Starts its keep-alive. */
  rest(runner: Runner): void
  /** Resolves when the next model has gone and its memory is free again. */
  nextUnload(): Promise<void>
}

/** Until the driver shows the memory of an unloaded model as free. */
const recovery = 700
/** The longest that a timer can wait. */
const longest = 2 ** 31 - 1

export function createResidents(timeScale: number): Residents {
  const loaded = new Map<string, Runner>()
  const waiting: (() => void)[] = []

  function unload(runner: Runner): void {
    if (runner.state === 'gone') return
    runner.state = 'gone'
    clearTimeout(runner.timer)
    if (loaded.get(runner.model.blob) === runner) loaded.delete(runner.model.blob)
    setTimeout(() => waiting.splice(0).forEach((resolve) => resolve()), recovery / timeScale)
  }

  function rest(runner: Runner): void {
    clearTimeout(runner.timer)
    if (runner.keepAlive <= 0) return unload(runner)
    if (runner.keepAlive === Infinity) return
    const ms = runner.keepAlive / timeScale
    runner.expiresAt = Date.now() + ms
    runner.timer = setTimeout(() => runner.users === 0 && unload(runner), Math.min(ms, longest)).unref()
  }

  function use(runner: Runner, keepAlive?: number): Lease {
    clearTimeout(runner.timer)
    runner.users++
    if (keepAlive !== undefined) runner.keepAlive = keepAlive
    let held = true
    return {
      runner,
      release() {
        if (!held) return
        held = false
        runner.users--
        if (runner.users === 0 && runner.state === 'ready') rest(runner)
      },
    }
  }

  return {
    get: (blob) => loaded.get(blob),
    get all() {
      return [...loaded.values()]
    },
    add: (runner) => void loaded.set(runner.model.blob, runner),
    use,
    rest,
    unload,
    expire(runner) {
      clearTimeout(runner.timer)
      runner.expiresAt = Date.now()
      runner.keepAlive = 0
      if (runner.users === 0 && runner.state === 'ready') unload(runner)
    },
    nextUnload: () => new Promise((resolve) => void waiting.push(resolve)),
  }
}
