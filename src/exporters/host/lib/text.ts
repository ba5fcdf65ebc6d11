const newline = 10
const space = 32

/** The blank-separated words of a piece of text, without regular expressions: it runs for each line of each scrape. */
export function words(text: string, start = 0, end = text.length): string[] {
  const found: string[] = []
  let from = -1
  for (let i = start; i < end; i++) {
    if (text.charCodeAt(i) <= space) {
      if (from >= 0) found.push(text.slice(from, i))
      from = -1
    } else if (from < 0) from = i
  }
  if (from >= 0) found.push(text.slice(from, end))
  return found
}

/** Calls `each` with where a line begins and where it ends (exclusive), for each line that is not empty. */
export function eachLine(text: string, each: (start: number, end: number) => void): void {
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    if (end > start && text.charCodeAt(start) !== newline) each(start, end)
    start = end + 1
  }
}

/** A number, or undefined for what is missing, empty or not a number. Hexadecimal with `0x`. */
export function number(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isNaN(value) ? undefined : value
}

/** A count, or undefined for what is missing, not a number or negative, which no count is. */
export function count(text: string | undefined): number | undefined {
  const value = number(text)
  return value === undefined || value < 0 ? undefined : value
}

const nameParts = /^[A-Za-z0-9_]+$/

/** Whether a field's name may become part of a metric's name: a single bad one would spoil the whole page. */
export const isNamePart = (text: string): boolean => nameParts.test(text)
