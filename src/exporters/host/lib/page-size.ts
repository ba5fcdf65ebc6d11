import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'

const pageSizeTag = 6n
const usual = 4096

/** Bytes in a page of memory, as the kernel told this process when it began (`AT_PAGESZ`); 16 or 64 KiB on some ARM. */
export function pageSize(proc: string): number {
  let facts: Buffer
  try {
    facts = readFileSync(`${proc}/self/auxv`)
  } catch {
    return usual
  }
  for (let at = 0; at + 16 <= facts.length; at += 16) {
    const [tag, value] =
      endianness() === 'LE'
        ? [facts.readBigUInt64LE(at), facts.readBigUInt64LE(at + 8)]
        : [facts.readBigUInt64BE(at), facts.readBigUInt64BE(at + 8)]
    if (tag === pageSizeTag) return Number(value)
  }
  return usual
}
