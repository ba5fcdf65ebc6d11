/** Something that may get series of its own. */
export interface Candidate {
  readonly key: string
  readonly score: number
}

/** What one choice leaves for the next: who is shown, and how many new series a swap may still bring. */
export interface Choice {
  readonly shown: ReadonlySet<string>
  readonly credit: number
}

export interface Limits {
  /** How many may be shown. */
  readonly capacity: number
  /** Series that one of them brings. */
  readonly cost: number
  /** New series that swaps may bring per round, on average; one swap at most is saved up for. */
  readonly allowance: number
}

/** A newcomer must outdo the weakest of those shown by this factor, so that equals do not take turns. */
const lead = 1.25

export const nothingShown: Choice = { shown: new Set(), credit: 0 }

/**
 * The best `capacity` candidates, chosen so that series rarely change: whoever is shown stays until clearly outdone,
 * and exchanges are rationed. Room left by those that no longer exist is filled at once.
 */
export function choose(candidates: readonly Candidate[], previous: Choice, limits: Limits): Choice {
  const ranked = candidates.toSorted((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
  const incumbents = ranked.filter(({ key }) => previous.shown.has(key)).slice(0, limits.capacity)
  const challengers = ranked.filter(({ key }) => !previous.shown.has(key))
  const filled = challengers.splice(0, Math.max(0, limits.capacity - incumbents.length))
  let credit = Math.min(previous.credit + limits.allowance, Math.max(limits.cost, limits.allowance))
  for (const challenger of challengers) {
    const weakest = incumbents.at(-1)
    if (weakest === undefined || credit < limits.cost || challenger.score <= weakest.score * lead) break
    incumbents.pop()
    filled.push(challenger)
    credit -= limits.cost
  }
  return { shown: new Set([...incumbents, ...filled].map(({ key }) => key)), credit }
}
