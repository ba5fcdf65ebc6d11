import type { Finding } from './types.ts'

/** Something that is in no row, since the log itself is in trouble. */
export type Signal = Pick<Finding, 'rule' | 'key' | 'severity' | 'summary'> & { readonly seqs?: readonly number[] }

/** Signals that wait for the database; of one kind they become one. */
export function createPending(clock: () => number) {
  const pending = new Map<string, Finding>()
  return {
    add({ seqs = [], ...signal }: Signal): void {
      const id = `${signal.rule} ${signal.key}`
      const count = (pending.get(id)?.count ?? 0) + 1
      pending.set(id, { ...signal, seqs, count, at: clock() })
    },
    take(): Finding[] {
      const taken = [...pending.values()]
      pending.clear()
      return taken
    },
    putBack(findings: readonly Finding[]): void {
      for (const finding of findings) {
        const id = `${finding.rule} ${finding.key}`
        const count = (pending.get(id)?.count ?? 0) + finding.count
        pending.set(id, { ...finding, count })
      }
    },
  }
}
