import { StringDecoder } from 'node:string_decoder'

const longest = 8192

export interface LineSplitter {
  /** Takes the next bytes and calls back for each line they complete. */
  push(chunk: Buffer): void
  /** Calls back for what is left without a line end. */
  end(): void
}

/** Cuts a byte stream into lines; a line longer than 8 kB is handed on in pieces, so memory stays bounded. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const flush = (): void => {
    if (rest !== '') onLine(rest.trimEnd())
    rest = ''
  }
  return {
    push(chunk) {
      const parts = (rest + decoder.write(chunk)).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) if (line.trim() !== '') onLine(line.trimEnd())
      if (rest.length > longest) flush()
    },
    end() {
      rest += decoder.end()
      flush()
    },
  }
}
