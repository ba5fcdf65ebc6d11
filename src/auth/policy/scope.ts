import type { Scope } from './types.ts'

/**
 * Only a trailing `*` means something, so of two scopes either one holds the other or they share nothing but what an
 * exact one names: their intersection is always a scope again.
 */
const wide = (scope: Scope): boolean => scope.endsWith('*')
const stem = (scope: Scope): string => (wide(scope) ? scope.slice(0, -1) : scope)

const wellFormed = /^(?:\*|[a-z][a-z0-9-]*:(?:\*|[^*\s\p{Cc}]+\*?))$/u

/** Whether this may be written as a scope: `*`, `model:*`, `model:llama*`, `model:llama3.2:3b`; at most 255 characters. */
export const isScope = (text: string): boolean => text.length <= 255 && wellFormed.test(text)

/** Whether an object lies in a scope. */
export const reaches = (scope: Scope, object: string): boolean =>
  scope === '*' || (wide(scope) ? object.startsWith(scope.slice(0, -1)) : object === scope)

/** Whether all that lies in `inner` lies in `outer`. */
export const covers = (outer: Scope, inner: Scope): boolean =>
  outer === '*' || outer === inner || (wide(outer) && stem(inner).startsWith(stem(outer)))

/** What lies in both; undefined if nothing does. */
export function intersect(a: Scope, b: Scope): Scope | undefined {
  if (covers(a, b)) return b
  return covers(b, a) ? a : undefined
}
