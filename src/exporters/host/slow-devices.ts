/** What answered, and what did not in time. */
export interface Answers<T> {
  readonly answers: readonly T[]
  readonly silent: readonly string[]
}

/**
 * Reads devices that may hang (a sensor behind a stuck bus), each on its own: one that has not answered within
 * `patience` ms is left out, and is not asked again before it has answered, so that it never costs a second thread.
 */
export function createSlowDevices<T>(
  patience = 1000,
): (names: readonly string[], read: (name: string) => Promise<T>) => Promise<Answers<T>> {
  const asked = new Map<string, Promise<T>>()

  function ask(name: string, read: (name: string) => Promise<T>): Promise<T> | undefined {
    if (asked.has(name)) return undefined
    const answer = read(name)
    asked.set(name, answer)
    const answered = (): void => void asked.delete(name)
    answer.then(answered, answered)
    return answer
  }

  return async (names, read) => {
    const answers: T[] = []
    const silent = new Set(names)
    const all = Promise.all(
      names.map(async (name) => {
        const answer = await ask(name, read)
        if (answer === undefined) return
        if (silent.delete(name)) answers.push(answer)
      }),
    )
    await within(all, patience)
    // What comes after this moment belongs to no scrape.
    const late = [...silent]
    silent.clear()
    return { answers: [...answers], silent: late }
  }
}

async function within(work: Promise<unknown>, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patienceEnds = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience)
  })
  // The loser of the race may still fail, long after anyone listens.
  work.catch(() => undefined)
  try {
    await Promise.race([work, patienceEnds])
  } finally {
    clearTimeout(timer)
  }
}

/** Fails the collector, after it has written what it has, when devices kept silent. */
export function complain(silent: readonly string[]): void {
  if (silent.length > 0) throw new Error(`no answer in time from ${silent.toSorted().join(', ')}`)
}
