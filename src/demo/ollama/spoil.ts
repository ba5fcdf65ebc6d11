import { setTimeout as delay } from 'node:timers/promises'
import { sendJson, type Exchange } from './exchange.ts'
import { busy } from './failure.ts'
import type { Fault } from './faults.ts'

const halfAnswer = '{"models":[{"name":"llama3.2:3b","model":"llama3.2:3b","siz'
const page = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\n'

/** Acts out the faults that concern the whole answer; true if the request is done with. */
export async function spoil(exchange: Exchange, faults: readonly Fault[]): Promise<boolean> {
  for (const fault of faults) if (await spoilBy(exchange, fault)) return true
  return false
}

async function spoilBy(exchange: Exchange, fault: Fault): Promise<boolean> {
  const { res, signal } = exchange
  switch (fault.kind) {
    case 'slow':
      await delay(fault.ms ?? 1000, undefined, { signal }).catch(() => undefined)
      return signal.aborted
    case 'hang':
      return true
    case 'reset':
      res.socket?.destroy()
      return true
    case 'half-body':
      res.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': 4096 })
      res.write(halfAnswer, () => res.socket?.destroy())
      return true
    case 'bad-json':
      res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(halfAnswer)
      return true
    case 'html':
      res.writeHead(200, { 'content-type': 'text/html' }).end(page)
      return true
    case 'huge':
      flood(exchange)
      return true
    case 'status':
      sendJson(exchange, fault.status ?? 500, { error: fault.message ?? 'something went wrong' })
      return true
    case 'busy':
      sendJson(exchange, 503, { error: busy().message })
      return true
    default:
      return false
  }
}

function flood({ res, signal }: Exchange): void {
  const filler = Buffer.alloc(65_536, ' ')
  res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  const pour = (): void => {
    while (!signal.aborted && res.write(filler));
  }
  res.on('drain', pour)
  pour()
}

/** Thrown where a stream shall break off. */
export class StreamCut extends Error {}

/** A stream of chunks with the faults that concern streams. */
export async function* disturb<T>(
  chunks: AsyncIterable<T>,
  faults: readonly Fault[],
  signal: AbortSignal,
): AsyncGenerator<T> {
  const slow = faults.find(({ kind }) => kind === 'slow-first-token')
  const crawl = faults.find(({ kind }) => kind === 'slow-tokens')
  const end = faults.find(({ kind }) => kind === 'cut-stream' || kind === 'error-mid-stream')
  if (slow !== undefined) await delay(slow.ms ?? 5000, undefined, { signal }).catch(() => undefined)
  let sent = 0
  for await (const chunk of chunks) {
    if (end !== undefined && sent >= (end.after ?? 3)) throw endOf(end)
    if (crawl !== undefined) await delay(crawl.ms ?? 500, undefined, { signal }).catch(() => undefined)
    yield chunk
    sent++
  }
}

function endOf({ kind, message }: Fault): Error {
  if (kind === 'cut-stream') return new StreamCut('cut on demand')
  return new Error(message ?? 'an error was encountered while running the model: unexpected EOF')
}
