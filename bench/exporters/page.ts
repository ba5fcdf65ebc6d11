import { gunzipSync } from 'node:zlib'
import type { Scraped } from './client.ts'

export interface PageSize {
  readonly families: number
  readonly series: number
  /** Bytes of the text, and as sent. */
  readonly bytes: number
  readonly sent: number
}

export const textOf = ({ body, gzipped }: Scraped): string => (gzipped ? gunzipSync(body) : body).toString()

/** Counts families and samples of a text exposition. */
export function countPage(text: string): { families: number; series: number } {
  let families = 0
  let series = 0
  for (const line of text.split('\n')) {
    if (line.startsWith('# TYPE ')) families++
    else if (line !== '' && !line.startsWith('#')) series++
  }
  return { families, series }
}

export function sizeOf(scraped: Scraped): PageSize {
  const text = textOf(scraped)
  return { ...countPage(text), bytes: Buffer.byteLength(text), sent: scraped.body.length }
}
