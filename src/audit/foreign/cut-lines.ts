/** Longest line that is kept whole, bytes. */
export const longestLine = 65_536

/** Where in a file reading goes on. */
export interface Place {
  readonly offset: number
  /** In the middle of a line that was too long. */
  readonly skipping: boolean
}

/** A line without its end. */
export interface RawLine {
  readonly bytes: Buffer
  /** It was longer; these are its first bytes. */
  readonly cut: boolean
}

const newline = 0x0a

/**
 * Cuts what stands in a file from `place` on into lines. A line without its end is left for the next time, unless it is
 * too long already: its beginning is handed out, and the rest passed over. `chunk` must be able to hold the longest line.
 */
export function cutLines(chunk: Buffer, place: Place): { readonly lines: RawLine[]; readonly next: Place } {
  const lines: RawLine[] = []
  let { skipping } = place
  let begin = 0
  for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, begin)) {
    if (!skipping && end > begin) {
      lines.push({
        bytes: chunk.subarray(begin, Math.min(end, begin + longestLine)),
        cut: end - begin > longestLine,
      })
    }
    skipping = false
    begin = end + 1
  }
  const left = chunk.length - begin
  if (!skipping && left > longestLine) {
    lines.push({ bytes: chunk.subarray(begin, begin + longestLine), cut: true })
    skipping = true
  }
  if (skipping) begin = chunk.length
  return { lines, next: { offset: place.offset + begin, skipping } }
}
